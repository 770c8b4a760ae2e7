"""The limits of a profile one by one, each at a place with a name: what a city edits of a profile of its own.

A place is `stage_urgency` (`sign_flash`), `type_...` or `track_...` for what lies over the result, or a limit
of its own. Those of types and tracks may be empty: then the limit of the urgency counts.
"""

from collections.abc import Mapping

from pydantic import TypeAdapter

from hotline.deadlines.profiles import Limit, Profile, Unit
from hotline.tickets.states import TicketTrack, TicketType, Urgency

Limits = Mapping[str, Limit]

STAGES = ("sign", "first_contact", "result", "return_window", "return_decision")
"""Fields of `Profile` that have a limit for each urgency."""
SINGLE = ("arbitration", "longest_extension")
TYPES = {f"type_{kind}": kind for kind in TicketType}
TRACKS = {f"track_{track}": track for track in TicketTrack}
LEVELS = {f"{stage}_{urgency}": (stage, urgency) for stage in STAGES for urgency in Urgency}
REQUIRED = (*LEVELS, *SINGLE)
OPTIONAL = (*TYPES, *TRACKS)
PLACES = (*REQUIRED, *OPTIONAL)

DAYS = (Unit.NATURAL_DAY, Unit.WORKING_DAY)
OF_RESULT = (Unit.HOUR, *DAYS)

_KEPT = TypeAdapter(dict[str, Limit])


def units_of(place: str) -> tuple[Unit, ...]:
    """What may be counted there: an extension is asked for in days, a result is given in hours or days."""
    if place == "longest_extension":
        return DAYS
    if place.startswith("result_") or place in OPTIONAL:
        return OF_RESULT
    return tuple(Unit)


def limits_of_profile(profile: Profile) -> dict[str, Limit]:
    """Every limit of a profile at its place."""
    found = {place: getattr(profile, stage)[urgency] for place, (stage, urgency) in LEVELS.items()}
    found |= {name: getattr(profile, name) for name in SINGLE}
    found |= {place: profile.by_type[kind] for place, kind in TYPES.items() if kind in profile.by_type}
    return found | {
        place: profile.by_track[track] for place, track in TRACKS.items() if track in profile.by_track
    }


def profile_of_limits(name: str, limits: Limits) -> Profile:
    """The profile of these limits. Raises `KeyError` while one that is required is missing."""

    def of(stage: str) -> dict[Urgency, Limit]:
        return {urgency: limits[f"{stage}_{urgency}"] for urgency in Urgency}

    return Profile(
        name,
        of("result"),
        by_type={kind: limits[place] for place, kind in TYPES.items() if place in limits},
        by_track={track: limits[place] for place, track in TRACKS.items() if place in limits},
        sign=of("sign"),
        first_contact=of("first_contact"),
        return_window=of("return_window"),
        return_decision=of("return_decision"),
        arbitration=limits["arbitration"],
        longest_extension=limits["longest_extension"],
    )


def kept(limits: Limits) -> dict[str, object]:
    """As they are kept in the database."""
    written: dict[str, object] = _KEPT.dump_python(dict(limits), mode="json")
    return written


def read(document: Mapping[str, object]) -> dict[str, Limit]:
    """What was kept."""
    return _KEPT.validate_python(document)
