"""Which roles one person may not hold together: rulebook B13 as a table."""

import pytest

from hotline.people.actors import Role
from hotline.people.separation import ALONE, GIVEN, UNIT_ROLES, Clash, clashes

OF_THE_HOTLINE = frozenset(
    {Role.AGENT, Role.SCREENER, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR}
)


@pytest.mark.parametrize("roles", [set(), {Role.AGENT}, OF_THE_HOTLINE, {Role.DIRECTOR, Role.PUBLISHER}])
def test_the_hotlines_own_roles_go_together(roles: set[Role]) -> None:
    assert clashes(roles, in_hotline=True) == []


@pytest.mark.parametrize(
    ("roles", "clash"),
    [
        ({Role.HANDLER, Role.CALLBACK_AGENT}, Clash.HANDLES_AND_CALLS_BACK),
        ({Role.ASSIST_UNIT, Role.CALLBACK_AGENT}, Clash.HANDLES_AND_CALLS_BACK),
        ({Role.UNIT_REVIEWER, Role.REVIEWER}, Clash.HANDLES_AND_REVIEWS),
        ({Role.UNIT_REVIEWER, Role.DISPATCHER}, Clash.ASKS_AND_DECIDES),
        ({Role.HANDLER, Role.SUPERVISOR}, Clash.ASKS_AND_DECIDES),
        ({Role.HANDLER, Role.INSPECTION_OFFICE}, Clash.ASKS_AND_DECIDES),
        ({Role.HANDLER, Role.UNIT_REVIEWER}, Clash.WRITES_AND_APPROVES),
        ({Role.ADMINISTRATOR, Role.AGENT}, Clash.NOT_ALONE),
        ({Role.AUDITOR, Role.LEADER}, Clash.NOT_ALONE),
        ({Role.SYSTEM}, Clash.NOBODYS_ROLE),
    ],
)
@pytest.mark.parametrize("in_hotline", [True, False])
def test_both_sides_of_a_decision_are_two_people(roles: set[Role], clash: Clash, in_hotline: bool) -> None:
    found = {one.clash: set(one.roles) for one in clashes(roles, in_hotline)}
    assert found[clash] == roles


def test_every_role_has_its_place() -> None:
    for role in GIVEN:
        in_hotline = {one.clash for one in clashes({role}, in_hotline=True)}
        outside = {one.clash for one in clashes({role}, in_hotline=False)}
        assert in_hotline == ({Clash.NOT_OF_A_UNIT} if role in UNIT_ROLES else set())
        desk = role in OF_THE_HOTLINE or role is Role.DIRECTOR
        assert outside == ({Clash.NOT_OF_THE_HOTLINE} if desk else set())


def test_who_looks_at_the_others_is_none_of_them() -> None:
    for role in ALONE:
        for other in set(GIVEN) - {role}:
            assert Clash.NOT_ALONE in {one.clash for one in clashes({role, other}, in_hotline=True)}
