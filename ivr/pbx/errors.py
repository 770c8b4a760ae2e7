"""What can go wrong with the PBX, in words for the administrator."""


class PbxError(RuntimeError):
    """Asterisk cannot be found, installed, started or reached; the text says what to do about it."""
