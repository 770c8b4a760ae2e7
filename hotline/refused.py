"""A refusal that names the field that is in the way: one shape for the features that edit something."""

from enum import StrEnum
from typing import ClassVar


class FieldRefused(Exception):
    """Nothing was changed. `obstacle` says why, one of the feature's `kinds`; `field` is what is in the way,
    "" where it is the matter as a whole."""

    kinds: ClassVar[type[StrEnum]]
    """Has `EMPTY` and `TOO_LONG` at least, for `written`."""

    def __init__(self, obstacle: StrEnum, name: str = "") -> None:
        super().__init__(f"{name}: {obstacle}" if name else obstacle)
        self.obstacle = obstacle
        self.field = name

    @classmethod
    def written(cls, name: str, text: str, longest: int, must: bool = True) -> str:
        """The text without blanks around it. Raises this refusal where it is empty and must not be, or too
        long."""
        kept = text.strip()
        if must and not kept:
            raise cls(cls.kinds("empty"), name)
        if len(kept) > longest:
            raise cls(cls.kinds("too_long"), name)
        return kept
