"""The public part of the directory: what supervisors say of a department for everybody."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, contains_eager

from hotline import events
from hotline.context import Context
from hotline.directory.models import DutyPhone, Listing
from hotline.directory.service import DutyRefused
from hotline.people.actors import Role
from hotline.people.models import Department

LONGEST = {"does_zh": 600, "does_en": 600, "phone": 30, "hours_zh": 120, "hours_en": 120, "address": 120}
_LOCAL = 7
"""So many digits are a telephone's number without the area's code."""


@dataclass(frozen=True)
class Told:
    """What everybody may know of a department; see `Listing`."""

    does_zh: str
    does_en: str = ""
    phone: str = ""
    hours_zh: str = ""
    hours_en: str = ""
    address: str = ""


@dataclass(frozen=True)
class PublicUnit:
    """A department as everybody may know it."""

    name_zh: str
    name_en: str
    told: Told

    def holds(self, words: str) -> bool:
        """Whether every one of the words stands somewhere in it."""
        text = " ".join((self.name_zh, self.name_en, *vars(self.told).values())).lower()
        return all(part in text for part in words.lower().split())


def tell(context: Context, department_id: int, told: Told) -> None:
    """Keep it; without any words of what it does it leaves the public directory. Raises `DutyRefused`: also
    for a telephone that is somebody's duty telephone, which stays internal."""
    context.actor.must_have("edit the directory", Role.SUPERVISOR)
    said = {name: getattr(told, name).strip() for name in LONGEST}
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            raise DutyRefused(name)
    with context.writing() as session:
        department = session.get(Department, department_id, with_for_update=True)
        if department is None:
            raise DutyRefused("department")
        if not said["does_zh"]:
            session.execute(delete(Listing).where(Listing.department_id == department_id))
        else:
            if _is_internal(said["phone"], _duty_numbers(session)):
                raise DutyRefused("public_phone")
            session.merge(
                Listing(
                    department_id=department_id,
                    changed_at=context.now(),
                    changed_by=context.actor.name,
                    **said,
                )
            )
        events.record(session, context.now(), "directory.changed", f"department:{department_id}")


def public_units(session: Session, words: str = "") -> list[PublicUnit]:
    """Departments that are open and have told something, by code; with words those that hold all of them."""
    query = select(Listing).join(Listing.department).options(contains_eager(Listing.department))
    found = session.scalars(query.where(Department.is_active).order_by(Department.code))
    internal = _duty_numbers(session)
    units = [_unit(listing, internal) for listing in found]
    return [unit for unit in units if unit.holds(words)]


def public_unit(session: Session, department_id: int) -> PublicUnit | None:
    """What one department tells everybody, or None."""
    listing = session.get(Listing, department_id)
    return _unit(listing, _duty_numbers(session)) if listing is not None else None


def listing_of(session: Session, department_id: int) -> Listing | None:
    """What a department tells, or None."""
    return session.get(Listing, department_id)


def _unit(listing: Listing, internal: set[str]) -> PublicUnit:
    unit = listing.department
    said = {name: getattr(listing, name) for name in LONGEST}
    if _is_internal(listing.phone, internal):  # it became a duty telephone afterwards
        said["phone"] = ""
    return PublicUnit(unit.name_zh, unit.name_en, Told(**said))


def _is_internal(phone: str, internal: set[str]) -> bool:
    """Whether it is a duty telephone, with or without the area's code."""
    asked = _digits(phone)
    return any(
        asked == one or (len(one) >= _LOCAL and asked.endswith(one)) or _is_shorter(asked, one)
        for one in internal
    )


def _is_shorter(asked: str, internal: str) -> bool:
    return len(asked) >= _LOCAL and internal.endswith(asked)


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdecimal())


def _duty_numbers(session: Session) -> set[str]:
    return {_digits(phone) for phone in session.scalars(select(DutyPhone.phone))} - {""}
