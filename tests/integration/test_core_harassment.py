"""Barred callers: two people, a reason, the calls, an end."""

from datetime import timedelta

import pytest

from hotline.calls.service import open_call
from hotline.context import Context
from hotline.directory.models import DutyDays, DutyPhone
from hotline.harassment.models import BarReason
from hotline.harassment.queries import calls_since, lists, recent_calls
from hotline.harassment.service import (
    LONGEST_DAYS,
    HarassmentRefused,
    Refusal,
    approve,
    is_barred,
    propose,
    reject,
    revoke,
)
from hotline.people.actors import Actor, NotPermitted, Role
from tests.factories import City, FixedClock, local, user

NUMBER = "13900009999"


@pytest.fixture
def calls(city: City) -> list[int]:
    """Two calls of the number, told as trunks do."""
    return [open_call(city.context, f"1.{n}", f"+86{NUMBER}", "12345").call_id for n in range(2)]


@pytest.fixture
def proposal(city: City, calls: list[int]) -> int:
    return propose(city.context.acting_as(city.agent), NUMBER, BarReason.ABUSE, "骂人", calls, 7)


def refusal(deed: object, *words: object) -> Refusal:
    with pytest.raises(HarassmentRefused) as refused:
        deed(*words)  # type: ignore[operator]
    assert NUMBER not in str(refused.value)
    return refused.value.refusal


def test_it_holds_from_the_second_persons_yes_to_its_end(
    city: City, proposal: int, clock: FixedClock
) -> None:
    assert not is_barred(city.context, NUMBER)
    approve(city.context.acting_as(city.supervisor), proposal)
    assert is_barred(city.context, NUMBER)
    assert is_barred(city.context, f"+86{NUMBER}")
    assert not is_barred(city.context, "13900009998")
    assert not is_barred(city.context, "")
    assert not is_barred(city.context, "anonymous")
    open_call(city.context, "1.9", NUMBER, "12345")
    with city.context.reading() as session:
        [row] = lists(session, clock.now()).in_force
        assert calls_since(session, row) == 3  # told within the same moment: the clock stands
    clock.advance(days=7)
    assert not is_barred(city.context, NUMBER)
    with city.context.reading() as session:
        found = lists(session, clock.now())
        assert (len(found.in_force), len(found.past)) == (0, 1)


def test_nobody_approves_what_they_proposed(city: City, calls: list[int]) -> None:
    both = user(city.context, city.hotline_id, Role.AGENT, Role.SUPERVISOR)
    acting = city.context.acting_as(both)
    proposal = propose(acting, NUMBER, BarReason.SILENT, "每天二十次", calls, 7)
    assert refusal(approve, acting, proposal) is Refusal.SAME_PERSON
    assert refusal(reject, acting, proposal, "不必") is Refusal.SAME_PERSON
    with pytest.raises(NotPermitted):
        approve(city.context.acting_as(city.agent), proposal)
    assert not is_barred(city.context, NUMBER)


def test_a_decision_is_made_once(city: City, proposal: int) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    assert refusal(reject, supervisor, proposal, "  ") is Refusal.NO_NOTE
    reject(supervisor, proposal, "只是声音大")
    assert refusal(approve, supervisor, proposal) is Refusal.DECIDED
    assert refusal(revoke, supervisor, proposal, "误判") is Refusal.DECIDED
    assert not is_barred(city.context, NUMBER)


def test_it_is_revoked_with_a_reason_and_everything_stays_on_record(
    city: City, proposal: int, clock: FixedClock
) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    approve(supervisor, proposal)
    assert refusal(revoke, supervisor, proposal, "") is Refusal.NO_NOTE
    with pytest.raises(NotPermitted):
        revoke(city.context.acting_as(city.agent), proposal, "误判")
    revoke(supervisor, proposal, "本人道歉")
    assert not is_barred(city.context, NUMBER)
    with city.context.reading() as session:
        [row] = lists(session, clock.now()).past
        assert row.proposed_by_id == city.agent.user_id
        assert row.decided_by_id == row.revoked_by_id == city.supervisor.user_id
        assert (row.note, row.details, row.days) == ("本人道歉", "骂人", 7)


def test_what_is_incomplete_or_listed_is_refused(city: City, calls: list[int]) -> None:
    other = open_call(city.context, "2.1", "13900008888", "12345").call_id

    def proposing(
        number: str = NUMBER, details: str = "骂人", ids: list[int] | None = None, days: int = 7
    ) -> Refusal:
        agent = city.context.acting_as(city.agent)
        chosen = calls if ids is None else ids
        return refusal(propose, agent, number, BarReason.ABUSE, details, chosen, days)

    assert proposing("nobody") is Refusal.NOT_A_NUMBER
    assert proposing("110") is Refusal.PROTECTED
    assert proposing(details=" ") is Refusal.NO_DETAILS
    assert proposing(ids=[]) is Refusal.NO_CALLS
    assert proposing(ids=[*calls, other]) is Refusal.NO_CALLS
    assert proposing(days=0) is Refusal.BAD_DAYS
    assert proposing(days=LONGEST_DAYS + 1) is Refusal.BAD_DAYS
    first = propose(city.context.acting_as(city.agent), NUMBER, BarReason.ABUSE, "骂人", calls, 7)
    assert proposing() is Refusal.LISTED
    approve(city.context.acting_as(city.supervisor), first)
    assert proposing() is Refusal.LISTED


def test_a_department_always_gets_through(city: City) -> None:
    with city.context.writing() as session:
        session.add(
            DutyPhone(
                department_id=city.water_id,
                phone="0532 8411 0000",
                label="值班",
                days=DutyDays.EVERY_DAY,
                from_time=local("2020-04-30 00:00").time(),
                until_time=local("2020-04-30 00:00").time(),
            )
        )
    call = open_call(city.context, "3.1", "053284110000", "12345").call_id
    words = (city.context.acting_as(city.agent), "053284110000", BarReason.PRANK, "恶作剧", [call], 7)
    assert refusal(propose, *words) is Refusal.PROTECTED


@pytest.mark.parametrize("role", ["screener", "handler"])
def test_only_the_hotlines_agents_propose(city: City, calls: list[int], role: str) -> None:
    actor: Actor = getattr(city, role)
    with pytest.raises(NotPermitted):
        propose(city.context.acting_as(actor), NUMBER, BarReason.ABUSE, "骂人", calls, 7)


def test_calls_of_a_month_can_be_named(city: City, calls: list[int], clock: FixedClock) -> None:
    def found(context: Context) -> list[int]:
        with context.reading() as session:
            return sorted(call.id for call in recent_calls(session, NUMBER, context.now()))

    assert found(city.context) == calls
    clock.advance(days=timedelta(days=30).days)
    assert found(city.context) == []
