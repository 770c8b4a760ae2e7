"""What of a new hotline is still to be set up."""

from dataclasses import replace

import pytest

from hotline.first_steps import NEEDED_ROLES, Facts, Standing, Step, judge
from hotline.people.actors import Role
from hotline.people.models import Department, User


def _unit(*roles: Role, active: bool = True) -> Department:
    user = User(username="u", is_active=active, roles=list(roles))
    return Department(code="water", name_zh="水务局", users=[user])


CAPABLE = _unit(Role.HANDLER, Role.UNIT_REVIEWER)
READY = Facts(
    trunk_host="192.0.2.10",
    numbers=frozenset({"12345"}),
    plan_version=1,
    departments=[CAPABLE],
    roles=frozenset(NEEDED_ROLES),
    seats=1,
    years={2026: True, 2027: True},
)


def test_nothing_is_left_of_a_hotline_that_stands() -> None:
    assert [one.step for one in judge(READY)] == list(Step)
    assert {one.standing for one in judge(READY)} == {Standing.DONE}


@pytest.mark.parametrize(
    ("changed", "step", "standing"),
    [
        ({"trunk_host": "127.0.0.2"}, Step.TRUNK, Standing.MISSING),
        ({"trunk_host": "::1"}, Step.TRUNK, Standing.MISSING),
        ({"trunk_host": "localhost"}, Step.TRUNK, Standing.MISSING),
        ({"trunk_host": "sbc.example.cn"}, Step.TRUNK, Standing.DONE),
        ({"plan_version": 0}, Step.NUMBERS, Standing.SOON),
        ({"departments": []}, Step.DEPARTMENTS, Standing.MISSING),
        ({"departments": [CAPABLE, _unit(Role.HANDLER)]}, Step.DEPARTMENTS, Standing.MISSING),
        (
            {"departments": [_unit(Role.HANDLER, Role.UNIT_REVIEWER, active=False)]},
            Step.DEPARTMENTS,
            Standing.MISSING,
        ),
        ({"roles": frozenset(NEEDED_ROLES) - {Role.SUPERVISOR}}, Step.USERS, Standing.MISSING),
        ({"seats": 0}, Step.USERS, Standing.MISSING),
        ({"years": {2026: True, 2027: False}}, Step.HOLIDAYS, Standing.SOON),
        ({"years": {2026: False, 2027: False}}, Step.HOLIDAYS, Standing.MISSING),
    ],
)
def test_one_thing_is_lacking(changed: dict[str, object], step: Step, standing: Standing) -> None:
    judged = {one.step: one for one in judge(replace(READY, **changed))}  # type: ignore[arg-type]
    assert judged.pop(step).standing is standing
    assert {one.standing for one in judged.values()} == {Standing.DONE}


def test_what_is_lacking_is_named() -> None:
    lame = _unit(Role.HANDLER)
    judged = {
        one.step: one
        for one in judge(replace(READY, departments=[CAPABLE, lame], roles=frozenset({Role.AGENT})))
    }
    assert judged[Step.DEPARTMENTS].departments == (lame,)
    assert judged[Step.USERS].roles == NEEDED_ROLES[1:]
