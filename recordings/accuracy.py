"""How far a transcript is from what was said."""

import unicodedata

from hotline.language.numerals import spell_numerals

_SPOKEN_ALIKE = str.maketrans("幺两〇", "一二零")


def spoken_characters(text: str) -> str:
    """What of a text is heard: Chinese characters, letters in lower case, numerals in words.

    Punctuation and spaces are dropped; 幺 and 两 count as 一 and 二.
    """
    spelt = spell_numerals(unicodedata.normalize("NFKC", text)).lower().translate(_SPOKEN_ALIKE)
    return "".join(character for character in spelt if character.isalnum())


def character_errors(reference: str, hypothesis: str) -> int:
    """The fewest characters to insert, delete and replace to turn one text into the other."""
    previous = list(range(len(hypothesis) + 1))
    for row, expected in enumerate(reference, start=1):
        current = [row]
        for column, heard in enumerate(hypothesis, start=1):
            replaced = previous[column - 1] + (expected != heard)
            current.append(min(replaced, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


def character_error_rate(said: str, transcript: str) -> float:
    """Errors per character that was said (over 1 when much was invented).

    Nothing said: 0 if the transcript is empty too, else 1.
    """
    reference, hypothesis = spoken_characters(said), spoken_characters(transcript)
    if not reference:
        return 1.0 if hypothesis else 0.0
    return character_errors(reference, hypothesis) / len(reference)
