"""The demo city's places, from `places.toml`."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named


def places() -> list[Named]:
    """Districts, street offices, roads and communities."""
    content = tomllib.loads(files("hotline.cli.demo").joinpath("places.toml").read_text("utf-8"))
    named = [Named(PlaceKind.DISTRICT, district) for district in content]
    for district, offices in content.items():
        for office in offices:
            named += _of_office(district, **office)
    return named


def _of_office(district: str, street: str, roads: list[str], communities: list[str]) -> Iterator[Named]:
    yield Named(PlaceKind.STREET, street, district)
    for road in roads:
        yield Named(PlaceKind.ROAD, road, district, street)
    for community in communities:
        yield Named(PlaceKind.COMMUNITY, community, district, street)
