"""What a script sees of a call, and what can go wrong in the conversation with Asterisk."""

from typing import Protocol


class AgiError(Exception):
    """The conversation with Asterisk cannot go on. Messages hold no personal data."""


class CallerHungUp(AgiError):
    """The caller is gone: Asterisk said so, or a command ended with the hang-up result."""


class DeadChannel(CallerHungUp):
    """Asterisk refused a command because the channel is already being torn down (code 511)."""


class PeerLost(AgiError):
    """The socket closed, or stayed silent longer than it may."""


class ProtocolJunk(AgiError):
    """What arrived is not AGI: no header, a line too long, an answer without a code."""


class CommandRefused(AgiError):
    """Asterisk answered that it knows no such command or use of it."""


class AgiCall(Protocol):
    """One call in the hands of a script. Every method raises `AgiError` when the call cannot go on."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the dialplan handed over after the script's address."""

    def read_variable(self, expression: str) -> str:
        """Return a channel variable or a whole expression such as `${CHANNEL(linkedid)}`; empty if unset."""

    def write_variable(self, name: str, value: str) -> None:
        """Set a channel variable; line breaks in `value` become spaces."""

    def play(self, prompt: str, interrupted_by: str = "") -> str:
        """Play a prompt to its end or to a key of `interrupted_by`; return that key or an empty string."""

    def wait_for_digit(self, milliseconds: int) -> str:
        """Return the next key pressed within the time, or an empty string; the caller hears silence."""

    def record(self, file: str, ended_by: str, milliseconds: int, silent_seconds: int) -> str:
        """Record the caller to `file` (a path that ends in .wav) until a key of `ended_by`, which is
        returned, or until so much silence or time has passed; then an empty string."""


class Script(Protocol):
    """One conversation, registered under its name: `agi://host:port/<name>`."""

    @property
    def name(self) -> str: ...

    def execute(self, call: AgiCall) -> None:
        """Hold the conversation. Whatever is raised, the caller goes on in the dialplan."""
