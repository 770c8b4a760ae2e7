"""Settings of the letters by which supervision hands a matter to a department (交办函, 督办通知单)."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

LETTER_LEVELS = ("L2", "L3", "L4", "L5", "L6")
"""Steps of the ladder that go out as a letter (`hotline.supervision.rules.Level`)."""
SHORTEST, LONGEST = 2, 40
_NOT_IN_FILE_NAMES = frozenset('\\/:*?"<>|')


class NoticeSettings(BaseSettings):
    """The part of `hotline.config.Settings` that is about official letters."""

    notice_titles: dict[str, str] = Field(
        default={},
        description="Titles of supervision's letters by level, L2 to L6, where the city has its own, "
        'like {"L2": "涉郴网络问政交办函"}; for letters issued from then on',
    )
    notice_issuers: dict[str, str] = Field(
        default={},
        description="Whose letters they are, by level, where that is not the office of whoever issues them, "
        'like {"L2": "市政府办公室"}; for letters issued from then on',
    )

    @field_validator("notice_titles", "notice_issuers", mode="after")
    @classmethod
    def _printable(cls, words: dict[str, str]) -> dict[str, str]:
        kept = {level: text.strip() for level, text in words.items()}
        for level, text in kept.items():
            if level not in LETTER_LEVELS:
                raise ValueError(
                    f"{level!r} is no level with a letter; there are: {', '.join(LETTER_LEVELS)}"
                )
            if not SHORTEST <= len(text) <= LONGEST:
                raise ValueError(f"{level}: between {SHORTEST} and {LONGEST} characters")
            if not text.isprintable() or _NOT_IN_FILE_NAMES & set(text):
                raise ValueError(f'{level}: one line, without \\ / : * ? " < > |')
        return kept
