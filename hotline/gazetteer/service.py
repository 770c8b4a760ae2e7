"""Editing the gazetteer: administrators and supervisors add, change, retire and bring back places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.gazetteer.models import Place, PlaceKind
from hotline.people.actors import Role
from hotline.undone import NothingToUndo

EDITORS = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.SYSTEM)
LONGEST_NAME = 60
LONGEST_DISTRICT = 40
MOST_ALIASES = 10


class PlaceRefused(ValueError):
    """A place cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Named:
    """What is said of a place; see `Place`."""

    kind: PlaceKind
    name: str
    district: str = ""
    street: str = ""
    aliases: Sequence[str] = ()


def add_place(context: Context, named: Named) -> int:
    """A further place. Returns its id. Raises `PlaceRefused`."""
    context.actor.must_have("edit the gazetteer", *EDITORS)
    checked = _checked(named)
    with context.writing() as session:
        _refuse_twins(session, checked, but_not=0)
        place = Place(**vars(checked), changed_at=context.now())
        session.add(place)
        session.flush()
        _tell(session, context, place)
        return place.id


def add_missing(context: Context, wanted: Sequence[Named]) -> int:
    """Add those of the places that are not there yet, in one transaction. Returns how many were added."""
    context.actor.must_have("edit the gazetteer", *EDITORS)
    checked = [_checked(named) for named in wanted]
    with context.writing() as session:
        known = {(place.kind, place.name, place.district) for place in session.scalars(select(Place))}
        new = {(named.kind, named.name, named.district): named for named in checked}
        added = [named for key, named in new.items() if key not in known]
        session.add_all(Place(**vars(named), changed_at=context.now()) for named in added)
        return len(added)


def change_place(context: Context, place_id: int, named: Named) -> None:
    """What is said of a place from now on. Tickets keep what was written. Raises `PlaceRefused`."""
    context.actor.must_have("edit the gazetteer", *EDITORS)
    checked = _checked(named)
    with context.writing() as session:
        place = _get(session, place_id)
        _refuse_twins(session, checked, but_not=place_id)
        for name, value in vars(checked).items():
            setattr(place, name, value)
        place.changed_at = context.now()
        _tell(session, context, place)


def retire_place(context: Context, place_id: int, retired: bool = True) -> datetime | None:
    """No longer suggest a place, or do so again. Told twice, changes nothing. Raises `PlaceRefused`.

    Returns since when it is retired."""
    context.actor.must_have("edit the gazetteer", *EDITORS)
    with context.writing() as session:
        place = _get(session, place_id)
        if (place.retired_at is not None) is not retired:
            place.retired_at = context.now() if retired else None
            place.changed_at = context.now()
            _tell(session, context, place)
        return place.retired_at


def suggest_again(context: Context, place_id: int, retired_at: datetime) -> None:
    """It was retired by a slip. Raises `NothingToUndo` where the place was changed since."""
    context.actor.must_have("edit the gazetteer", *EDITORS)
    with context.writing() as session:
        place = session.get(Place, place_id, with_for_update=True)
        if place is None or not place.retired_at == place.changed_at == retired_at:
            raise NothingToUndo
        place.retired_at, place.changed_at = None, context.now()
        _tell(session, context, place)


def _get(session: Session, place_id: int) -> Place:
    place = session.get(Place, place_id)
    if place is None:
        raise PlaceRefused("place")
    return place


def _refuse_twins(session: Session, named: Named, but_not: int) -> None:
    twins = select(Place.id).where(
        Place.kind == named.kind,
        Place.name == named.name,
        Place.district == named.district,
        Place.id != but_not,
    )
    if session.scalar(twins.limit(1)) is not None:
        raise PlaceRefused("twice")


def _tell(session: Session, context: Context, place: Place) -> None:
    events.record(session, context.now(), "gazetteer.changed", f"place:{place.id}")


def _checked(named: Named) -> Named:
    name = "".join(named.name.split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise PlaceRefused("name")
    district, street = "".join(named.district.split()), "".join(named.street.split())
    if len(district) > LONGEST_DISTRICT:
        raise PlaceRefused("district")
    if len(street) > LONGEST_NAME:
        raise PlaceRefused("street")
    aliases = list(dict.fromkeys("".join(alias.split()) for alias in named.aliases if alias.strip()))
    if len(aliases) > MOST_ALIASES or not all(2 <= len(alias) <= LONGEST_NAME for alias in aliases):
        raise PlaceRefused("aliases")
    if named.kind is PlaceKind.DISTRICT:
        district = ""
    return Named(PlaceKind(named.kind), name, district, street, aliases)
