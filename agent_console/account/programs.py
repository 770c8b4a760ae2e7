"""The browser and system of a sign-in, as their user would name them."""

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_SHOWN = 40


def program_words(told: str) -> str:
    """`Firefox, Windows` of what a browser says of itself; the beginning of that where it is none we know.

    The order matters: Edge also calls itself Chrome, Chrome also Safari, and a telephone also Linux.
    """
    known = [next((name for mark, name in marks if mark in told), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in known if name) or told[:_SHOWN]
