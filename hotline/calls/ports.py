"""What the core and the console ask of the telephone. Implemented in `ivr/`, handed in by `hotline.cli`."""

from typing import Protocol


class TelephoneAway(Exception):
    """The PBX cannot be reached or refused; nothing was changed there. Try again later."""


class NotDialable(ValueError):
    """What should be dialled is no telephone number. The text does not repeat it."""


class CallControl(Protocol):
    """Asks the PBX to do something. Every method raises `TelephoneAway` when the PBX does not answer."""

    def make_ready(self, extension: str) -> None:
        """Offer calls of the queue to this seat."""
        ...

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat until it is ready again."""
        ...

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        ...

    def hang_up(self, channel: str) -> None:
        """End one channel."""
        ...

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen for a follow-up. Returns once the PBX has taken the order; the outcome comes later
        as an event or through the follow-up script. `channel_id` becomes the channel's uniqueid.
        Raises `NotDialable` before anything is sent."""
        ...
