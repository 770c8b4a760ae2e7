"""Where: district, street office, road with number, community."""

from collections.abc import Iterator, Sequence

from hotline.gazetteer.houses import House, building_at, house_at
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.rules import Heard, PlaceIndex
from hotline.gazetteer.unlisted import unlisted_road
from hotline.suggestions.values import Field, Spoken, Suggestion

SURE = 0.85
"""From here on a place was heard well enough to overrule another."""

UNLISTED = "unlisted"
"""The note of an address whose road the gazetteer does not name."""

_IN_THE_DISTRICT = 0.2
_WITH_NUMBER = 0.1
_LEAST = 0.45
_UNLISTED_WORTH = 0.4


def places(spoken: Spoken, index: PlaceIndex) -> list[Suggestion]:
    """Suggestions for district, street and address, at most one each."""
    heard = index.find(spoken.text)
    said_district = _best(h for h in heard if h.kind is PlaceKind.DISTRICT)
    if said_district:
        heard = index.find(spoken.text, said_district.name)
    spot = _spot(spoken, heard, said_district)
    district = _district(said_district, spot)
    return [
        *_district_suggestion(spoken, said_district, spot, district),
        *_within(spoken, heard, spot, district),
    ]


def _best(heard: Iterator[Heard]) -> Heard | None:
    return max(heard, key=lambda h: (h.confidence, -h.start), default=None)


def _spot(spoken: Spoken, heard: Sequence[Heard], said: Heard | None) -> Heard | None:
    """The road or community that is most likely meant: one in the said district, one with a number."""

    def worth(place: Heard) -> tuple[float, int]:
        inside = _IN_THE_DISTRICT if said and said.name in place.districts else 0.0
        numbered = (
            _WITH_NUMBER if house_at(spoken.text, place.end) or building_at(spoken.text, place.end) else 0.0
        )
        return place.confidence + inside + numbered, -place.start

    spots = [h for h in heard if h.kind in (PlaceKind.ROAD, PlaceKind.COMMUNITY)]
    best = max(spots, key=worth, default=None)
    return best if best is not None and worth(best)[0] >= _LEAST else None


def _district(said: Heard | None, spot: Heard | None) -> str:
    of_spot = spot.districts if spot else frozenset()
    if said and (said.confidence >= SURE or not of_spot or said.name in of_spot):
        return said.name
    return next(iter(of_spot)) if len(of_spot) == 1 else ""


def _district_suggestion(
    spoken: Spoken, said: Heard | None, spot: Heard | None, district: str
) -> Iterator[Suggestion]:
    source = said if said and said.name == district else spot
    if district and source:
        evidence = (spoken.evidence(source.start, source.end),)
        yield Suggestion(Field.DISTRICT, district, source.confidence, evidence)


def _within(
    spoken: Spoken, heard: Sequence[Heard], spot: Heard | None, district: str
) -> Iterator[Suggestion]:
    office = _best(h for h in heard if h.kind is PlaceKind.STREET)
    if office:
        yield _of(spoken, Field.STREET, office.name, office)
    elif spot and len(streets := _streets(spot, district)) == 1:
        yield _of(spoken, Field.STREET, streets.pop(), spot)
    if spot:
        yield _address(spoken, heard, spot)
    elif road := unlisted_road(spoken.text, [h.end for h in heard]):
        name, start, house = road
        evidence = (spoken.evidence(start, house.end),)  # as the recogniser wrote it
        yield Suggestion(Field.ADDRESS, name + house.whole, _UNLISTED_WORTH, evidence, UNLISTED)


def _streets(spot: Heard, district: str) -> set[str]:
    return {entry.street for entry in spot.entries if entry.street and entry.district in ("", district)}


def _of(spoken: Spoken, field: Field, value: str, place: Heard) -> Suggestion:
    return Suggestion(field, value, place.confidence, (spoken.evidence(place.start, place.end),))


def _address(spoken: Spoken, heard: Sequence[Heard], spot: Heard) -> Suggestion:
    """The road with its number, then the community with its building, whichever of them was said."""
    parts, evidence, confidence = [], [], spot.confidence
    for place in _road_and_community(heard, spot):
        house = _house(spoken.text, place)
        end = house.end if house else place.end
        parts.append(place.name + (house.whole if house else ""))
        evidence.append(spoken.evidence(place.start, end))
        confidence = min(confidence, place.confidence)
    return Suggestion(Field.ADDRESS, "".join(parts), confidence, tuple(evidence))


def _road_and_community(heard: Sequence[Heard], spot: Heard) -> list[Heard]:
    kinds = (PlaceKind.ROAD, PlaceKind.COMMUNITY)
    others = [h for h in heard if h.kind in kinds and h.kind is not spot.kind and h.confidence >= SURE]
    near = [h for h in others if not spot.districts or spot.districts & h.districts]
    return sorted([spot, *near[:1]], key=lambda h: kinds.index(h.kind))


def _house(text: str, place: Heard) -> House | None:
    return house_at(text, place.end) if place.kind is PlaceKind.ROAD else building_at(text, place.end)
