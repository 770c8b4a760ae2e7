"""What is found in a text, and the words that stand in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What tells who somebody is, or where they can be found."""

    NAME = "name"
    PHONE = "phone"
    ID_CARD = "id"
    BANK_CARD = "bank"
    PLATE = "plate"
    DOOR = "door"  # the exact part of an address: number, building, unit, room


PLACEHOLDERS: Mapping[Kind, str] = {
    Kind.NAME: "某",
    Kind.PHONE: "〔电话〕",
    Kind.ID_CARD: "〔身份证号〕",
    Kind.BANK_CARD: "〔银行卡号〕",
    Kind.PLATE: "〔车牌〕",
    Kind.DOOR: "〔门牌〕",
}
"""Chinese, as the text around them is."""


@dataclass(frozen=True, order=True)
class Finding:
    """From its first character to the one after its last."""

    start: int
    end: int
    kind: Kind
