"""The people of the demo city: somebody for every page."""

from agent_console.access import EVERYBODY
from hotline.cli.demo.city import HANDLER, HOTLINE, OFFICES, PEOPLE, UNIT_LEADER, UNITS, handler_of, leader_of


def test_every_role_is_somebodys() -> None:
    assert {role for person in PEOPLE for role in person.roles} | HANDLER | UNIT_LEADER == EVERYBODY


def test_everybody_has_a_name_and_a_place_of_their_own() -> None:
    units = [unit.code for unit in (*UNITS, *OFFICES)]
    names = [person.username for person in PEOPLE]
    names += [name for unit in UNITS for name in (handler_of(unit.code), leader_of(unit.code))]
    assert len(set(units)) == len(units)
    assert len(set(names)) == len(names)
    assert {person.office for person in PEOPLE} <= {HOTLINE, *units}
    assert all(person.extension is None for person in PEOPLE if person.office != HOTLINE)
