"""The one error of our own commands."""


class CommandFailed(Exception):
    """A command cannot go on; the text says why and how to mend it."""
