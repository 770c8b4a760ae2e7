"""Official letters (公文) as files to print: Word and PDF say the same."""

from agent_console.letters.files import MEDIA_TYPES, as_file, as_one_file
from agent_console.letters.letter import Letter, NoFont, day_words, until_words

__all__ = ["MEDIA_TYPES", "Letter", "NoFont", "as_file", "as_one_file", "day_words", "until_words"]
