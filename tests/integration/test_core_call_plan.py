"""Versions of the call plan: drafts, two supervisors at once, going live and back, surge mode."""

from collections.abc import Callable
from functools import partial

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from hotline import events
from hotline.call_plan import queries, service
from hotline.call_plan.document import Plan
from hotline.call_plan.findings import Code
from hotline.call_plan.models import CallPlan, PlanState
from hotline.call_plan.service import NoDraft, NoteMissing, PlanFaulty, StalePlan
from hotline.calls.models import Call, CallEnd, OwedCallback
from hotline.calls.service import call_answered_elsewhere, call_ended, open_call
from hotline.context import Context
from hotline.monitoring.models import AuditEntry, Deed
from hotline.people.actors import NotPermitted
from tests.factories import City, FixedClock
from tests.threads import at_once
from tests.unit.call_plan.plans import line, own_line, shift


@pytest.fixture
def supervising(city: City) -> Context:
    return city.context.acting_as(city.supervisor)


def changed(**sections: object) -> Callable[[Plan], Plan]:
    """A change of whole sections."""
    return lambda plan: plan.model_copy(update=sections)


MERGED = changed(lines=(own_line(), line()))
LIVE_AT_NIGHT_ONLY = changed(shifts=(shift("night", "20:00", "08:00"),))


def live(context: Context) -> queries.LivePlan:
    with context.reading() as session:
        return queries.live_plan(session, context.settings)


def make_live(context: Context, change: Callable[[Plan], Plan] = MERGED) -> int:
    """Draft, change, live: the whole way."""
    revision = service.change_draft(context, service.begin_draft(context), change)
    return service.make_live(context, revision, "合并 12320")


def test_the_packaged_plan_holds_until_another_is_live(supervising: Context) -> None:
    assert live(supervising).version == 0
    version = make_live(supervising)
    assert (live(supervising).version, version) == (1, 1)
    assert [one.number for one in live(supervising).plan.lines] == ["12345", "12320"]


def test_the_numbers_of_a_moment(supervising: Context, clock: FixedClock) -> None:
    before = clock.now()
    clock.advance(minutes=1)
    make_live(supervising)
    merged = clock.now()
    clock.advance(minutes=1)
    service.go_back(supervising, 0, 1, "拆回")
    with supervising.reading() as session:
        numbers = partial(queries.numbers_at, session, supervising.settings)
        assert numbers(before) == {"12345"}
        assert numbers(merged) == {"12345", "12320"}
        assert numbers(clock.now()) == {"12345"}


def test_of_two_supervisors_the_second_is_told(supervising: Context) -> None:
    seen = service.begin_draft(supervising)
    service.change_draft(supervising, seen, MERGED)
    with pytest.raises(StalePlan):
        service.change_draft(supervising, seen, LIVE_AT_NIGHT_ONLY)
    with pytest.raises(StalePlan):
        service.make_live(supervising, seen, "太早")
    with pytest.raises(StalePlan):
        service.discard_draft(supervising, seen)
    with supervising.reading() as session:
        draft = queries.draft_row(session)
        assert draft is not None
        assert len(draft.plan.lines) == 2


def test_at_the_same_moment_one_change_and_one_going_live_succeed(supervising: Context) -> None:
    seen = service.begin_draft(supervising)

    def attempt(deed: Callable[[], object]) -> str:
        try:
            deed()
        except (StalePlan, NoDraft) as error:
            return type(error).__name__
        return "done"

    change = partial(service.change_draft, supervising, seen, MERGED)
    outcomes = at_once([partial(attempt, change)] * 3)
    assert sorted(outcomes) == ["StalePlan", "StalePlan", "done"]
    going = partial(service.make_live, supervising, seen + 1, "上线")
    outcomes = at_once([partial(attempt, going)] * 3)
    assert outcomes.count("done") == 1
    with supervising.reading() as session:
        states = session.scalars(select(CallPlan.state)).all()
    assert states == [PlanState.LIVE]


def test_two_who_begin_at_once_share_one_draft(supervising: Context) -> None:
    assert at_once([partial(service.begin_draft, supervising)] * 3) == [0, 0, 0]
    with supervising.reading() as session:
        assert [row.state for row in session.scalars(select(CallPlan))] == [PlanState.DRAFT]


def test_an_error_keeps_a_plan_from_going_live(supervising: Context) -> None:
    revision = service.change_draft(supervising, service.begin_draft(supervising), LIVE_AT_NIGHT_ONLY)
    with pytest.raises(PlanFaulty) as refusal:
        service.make_live(supervising, revision, "夜里才有人")
    assert Code.NOBODY in {finding.code for finding in refusal.value.findings}
    assert live(supervising).version == 0


def test_what_is_no_plan_is_not_kept(supervising: Context) -> None:
    revision = service.begin_draft(supervising)
    broken = changed(lines=(own_line().model_copy(update={"number": "x; rm"}),))
    with pytest.raises(ValidationError):
        service.change_draft(supervising, revision, broken)
    assert service.begin_draft(supervising) == revision


def test_a_draft_older_than_the_live_plan_is_compared_first(supervising: Context) -> None:
    make_live(supervising)
    revision = service.begin_draft(supervising)
    service.go_back(supervising, 0, 1, "回到默认")
    with pytest.raises(StalePlan):
        service.make_live(supervising, revision, "旧的草稿")
    revision = service.rebase_draft(supervising, revision)
    service.make_live(supervising, revision, "比较过了")
    assert len(live(supervising).plan.lines) == 2


def test_going_back_makes_a_new_version(supervising: Context) -> None:
    make_live(supervising)
    make_live(supervising, changed(lines=(own_line(),)))
    assert service.go_back(supervising, 1, 2, "12320 还要") == 3
    assert len(live(supervising).plan.lines) == 2
    with supervising.reading() as session:
        kept = [(row.version, row.state, row.note) for row in queries.versions(session)]
    assert kept == [
        (3, PlanState.LIVE, "12320 还要"),
        (2, PlanState.SUPERSEDED, "合并 12320"),
        (1, PlanState.SUPERSEDED, "合并 12320"),
    ]
    with pytest.raises(StalePlan):
        service.go_back(supervising, 1, 2, "又点了一次")
    with pytest.raises(NoDraft):
        service.go_back(supervising, 77, 3, "没有这一版")


def test_the_numbers_of_what_went_live_have_no_holes(supervising: Context) -> None:
    """Neither a draft that was thrown away nor one that waited meanwhile has taken a number."""
    make_live(supervising)
    service.discard_draft(supervising, service.begin_draft(supervising))
    waiting = service.begin_draft(supervising)
    assert service.go_back(supervising, 0, 1, "回到默认") == 2
    waiting = service.rebase_draft(supervising, waiting)
    assert service.make_live(supervising, waiting, "比较过了") == 3
    with supervising.reading() as session:
        assert [row.version for row in queries.versions(session)] == [3, 2, 1]


def test_a_discarded_draft_is_gone(supervising: Context) -> None:
    service.discard_draft(supervising, service.begin_draft(supervising))
    with supervising.reading() as session:
        assert (queries.draft_row(session), list(queries.versions(session))) == (None, [])
    with pytest.raises(NoDraft):
        service.make_live(supervising, 0, "没有草稿")


def test_who_makes_it_live_says_why(supervising: Context) -> None:
    with pytest.raises(NoteMissing):
        service.make_live(supervising, service.begin_draft(supervising), "  ")


def test_surge_mode_is_one_switch(supervising: Context, clock: FixedClock) -> None:
    service.surge_on(supervising, "市北区停水，我们已经知道。", "Water is off in Shibei.")
    service.surge_on(supervising, "市北区和李沧区停水。")
    with supervising.reading() as session:
        now = queries.surge(session)
        assert now is not None
        assert (now.banner_zh, now.banner_en) == ("市北区和李沧区停水。", "")
    service.surge_off(supervising)
    service.surge_off(supervising)
    with supervising.reading() as session:
        assert queries.surge(session) is None
        told = [event.kind for event in events.since(session, 0) if event.kind.startswith("surge")]
    assert told == ["surge.on", "surge.off", "surge.on", "surge.off"]


def test_what_callers_feel_is_in_the_audit_log(supervising: Context) -> None:
    make_live(supervising)
    service.go_back(supervising, 0, 1, "拆回")
    service.surge_on(supervising, "市北区停水。")
    service.surge_off(supervising)
    with supervising.reading() as session:
        told = [(one.deed, one.reason) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told == [
        (Deed.PLAN_LIVE, "合并 12320"),
        (Deed.PLAN_LIVE, "拆回"),
        (Deed.SURGE_ON, "市北区停水。"),
        (Deed.SURGE_OFF, ""),
    ]


def test_only_supervisors_touch_it(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    deeds: list[Callable[[], object]] = [
        lambda: service.begin_draft(agent),
        lambda: service.change_draft(agent, 0, MERGED),
        lambda: service.discard_draft(agent, 0),
        lambda: service.make_live(agent, 0, "x"),
        lambda: service.rebase_draft(agent, 0),
        lambda: service.go_back(agent, 0, 0, "x"),
        lambda: service.surge_on(agent),
        lambda: service.surge_off(agent),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted):
            deed()


def test_every_change_is_in_the_log_with_who(supervising: Context) -> None:
    make_live(supervising)
    with supervising.reading() as session:
        told = [e for e in events.since(session, 0) if e.kind.startswith("call_plan")]
    assert [event.kind for event in told] == ["call_plan.drafted", "call_plan.drafted", "call_plan.live"]
    assert {event.payload["actor"] for event in told} == {supervising.actor.user_id}


def test_a_call_that_a_duty_telephone_took_was_talked(city: City) -> None:
    open_call(city.context, "night", "13800001234", "12345")
    for _told_again in range(2):
        call_answered_elsewhere(city.context, "night", "night-2", "PJSIP/trunk-2", "05325550001")
    call_answered_elsewhere(city.context, "nobody", "x", "PJSIP/trunk-3", "05325550001")
    call_ended(city.context, "night")
    with city.context.reading() as session:
        [call] = session.scalars(select(Call))
        assert (call.end, call.agent_id) == (CallEnd.TALKED, None)
        assert [leg.role for leg in call.legs] == ["third"]
        assert session.scalars(select(OwedCallback)).all() == []
