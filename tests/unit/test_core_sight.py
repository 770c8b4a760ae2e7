"""Who sees how much of a citizen, role by role, as rulebook B13 has it."""

import pytest

from hotline.people.actors import Actor, Role
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.sight import SEES, Sight, sight
from hotline.tickets.states import Confidentiality

# Of a normal, a hidden and a sealed ticket: F in full, r masked until there is a reason, m masked, - nothing.
B13 = """
citizen            - - -
agent              F F -
screener           F F -
media_screener     m m -
dispatcher         F F -
handler            F m -
unit_reviewer      F m -
assist_unit        F m -
reviewer           F F -
callback_agent     r r -
supervisor         r r -
director           r r -
government_office  m m -
inspection_office  r m -
leader             m m -
petition_office    F m -
discipline         - - F
analyst            m m -
assessor           m m -
publisher          m m -
knowledge_editor   - - -
auditor            m m -
administrator      - - -
system             - - -
"""
LETTERS = {"F": Sight.FULL, "r": Sight.FOR_A_REASON, "m": Sight.MASKED, "-": Sight.NOTHING}
CASES = [
    (Role(role), confidentiality, LETTERS[letter])
    for role, *letters in (line.split() for line in B13.split("\n") if line)
    for confidentiality, letter in zip(Confidentiality, letters, strict=True)
]


def person(*roles: Role) -> Actor:
    return Actor(1, "somebody", frozenset(roles), department_id=1)


@pytest.mark.parametrize(("role", "confidentiality", "expected"), CASES)
def test_a_role_sees(role: Role, confidentiality: Confidentiality, expected: Sight) -> None:
    assert sight({role}, confidentiality) is expected
    ticket = Ticket(id=7, confidentiality=confidentiality)
    assert privacy.sees_identity(person(role), ticket) is (expected is Sight.FULL)


def test_every_role_has_its_line() -> None:
    assert {role for role, *_ in CASES} == set(Role) == set(SEES)


@pytest.mark.parametrize(
    ("roles", "normal", "hidden", "sealed"),
    [
        ((), Sight.NOTHING, Sight.NOTHING, Sight.NOTHING),
        ((Role.AUDITOR, Role.SUPERVISOR), Sight.FOR_A_REASON, Sight.FOR_A_REASON, Sight.NOTHING),
        ((Role.LEADER, Role.HANDLER), Sight.FULL, Sight.MASKED, Sight.NOTHING),
        ((Role.DISCIPLINE, Role.AUDITOR), Sight.MASKED, Sight.MASKED, Sight.FULL),
    ],
)
def test_of_several_roles_the_one_that_sees_most(
    roles: tuple[Role, ...], normal: Sight, hidden: Sight, sealed: Sight
) -> None:
    assert [sight(roles, one) for one in Confidentiality] == [normal, hidden, sealed]


def test_whoever_may_read_a_ticket_sees_at_least_a_masked_citizen() -> None:
    for role in Role:
        for confidentiality in Confidentiality:
            ticket = Ticket(id=7, confidentiality=confidentiality)
            if privacy.may_read(person(role), ticket, [1]):
                assert sight({role}, confidentiality) >= Sight.MASKED, (role, confidentiality)
