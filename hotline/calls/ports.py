"""What the core asks of the telephone. Implemented in `ivr/control/`, handed in by `hotline.cli`.

Every method raises `TelephoneAway` when the PBX does not answer, and then has changed nothing.
"""

from typing import Protocol


class TelephoneAway(Exception):
    """The PBX cannot be reached or refused; nothing was changed there. Try again later."""


class NotDialable(ValueError):
    """What should be dialled is no telephone number. The text does not repeat it."""


class SeatControl(Protocol):
    """Agents' seats in the queue."""

    def make_ready(self, extension: str) -> None:
        """Offer calls of the queue to this seat."""
        ...

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat until it is ready again."""
        ...

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        ...


class TalkControl(Protocol):
    """People who are talking."""

    def hang_up(self, channel_name: str) -> None:
        """End one channel."""
        ...


class OutgoingControl(Protocol):
    """Calls that the hotline makes."""

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen for a follow-up. Returns once the PBX has taken the order; the outcome comes later
        as an event or through the follow-up script. `channel_id` becomes the channel's uniqueid.
        Raises `NotDialable` before anything is sent."""
        ...


class CallControl(SeatControl, TalkControl, OutgoingControl, Protocol):
    """All of it: what the composition root hands in. A use case asks for the part that it needs."""
