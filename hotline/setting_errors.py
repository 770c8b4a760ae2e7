"""What is wrong with a setting."""


class SettingsError(ValueError):
    """A setting is wrong; the text says which one and why, in words for the administrator."""
