"""The piece of a text that shows why it was found."""

AROUND = 40


def excerpt(text: str, words: str, around: int = AROUND) -> str:
    """The text from `around` characters before the first of the words to as many behind it."""
    lower = text.lower()
    places = [place for part in words.lower().split() if (place := lower.find(part)) >= 0]
    first = min(places, default=0)
    begin, end = max(0, first - around), first + 2 * around
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
