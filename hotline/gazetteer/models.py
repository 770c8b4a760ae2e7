"""Places of the city."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime


class PlaceKind(StrEnum):
    """What is named: 区县, 街道, 道路, 小区或社区."""

    DISTRICT = "district"
    STREET = "street"
    ROAD = "road"
    COMMUNITY = "community"


class Place(Base):
    """A name of a place, with other names that people use for it.

    `district` is the district that it lies in and `street` the street office (街道), both by name, "" where
    unknown. A road that runs through two districts has two rows. A retired place is no longer suggested.
    """

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PlaceKind] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(60))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    district: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("kind", "name", "district"),)
