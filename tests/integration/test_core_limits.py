"""Limits are edited by two people, hold from a moment on, and change no promise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.deadlines import queries, service
from hotline.deadlines.checks import Fault
from hotline.deadlines.models import DeadlineVersion, VersionState
from hotline.deadlines.places import limits_of_profile
from hotline.deadlines.profiles import PROFILES, UnknownProfile, hours, profile, working_days
from hotline.deadlines.service import LimitsRefused, Obstacle
from hotline.dispatch.assignments import limits_of
from hotline.dispatch.service import dispatch
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.models import Ticket
from tests.factories import City, FixedClock, local, make_context, user

SEED = limits_of_profile(profile("seed-2011"))
SHORT = {**SEED, "result_normal": working_days(2)}


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """What differs between the databases is in one test of its own below."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def writing(city: City) -> Context:
    return city.context.acting_as(city.supervisor)


@pytest.fixture
def approving(city: City) -> Context:
    return city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="admin"))


def refused(deed: Callable[[], object]) -> LimitsRefused:
    with pytest.raises(LimitsRefused) as found:
        deed()
    return found.value


def written(writing: Context, limits: dict[str, object] | None = None) -> int:
    """A draft that somebody has written; its revision."""
    service.begin_draft(writing, "seed-2011")
    service.write_draft(writing, 0, limits or SHORT, "市里的新规定")  # type: ignore[arg-type]
    return 1


def promised(city: City) -> tuple[int, object, str]:
    """A ticket is dispatched now: its id, when it is due, by which profile."""
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    return ticket_id, *of_ticket(city, ticket_id)


def of_ticket(city: City, ticket_id: int) -> tuple[object, str]:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        return ticket.due_at, ticket.deadline_profile


def test_what_two_people_agree_on_holds_from_its_moment_on_and_changes_no_promise(
    city: City, writing: Context, approving: Context, clock: FixedClock
) -> None:
    first, due, by = promised(city)
    assert (due, by) == (local("2020-05-08 00:00"), "seed-2011")
    assert service.put_in_force(approving, written(writing), local("2020-05-06 08:00")) == "city-1"
    assert promised(city)[2] == "seed-2011", "its time has not come"
    clock.set(local("2020-05-06 09:00"))
    second, later_due, by = promised(city)
    assert (later_due, by) == (local("2020-05-09 00:00"), "city-1")
    service.begin_draft(writing, "city-1")
    service.write_draft(writing, 0, {**SHORT, "result_normal": working_days(9)}, "放宽")
    service.put_in_force(approving, 1)
    assert promised(city)[2] == "city-2"
    assert of_ticket(city, first) == (due, "seed-2011")
    assert of_ticket(city, second) == (later_due, "city-1")
    with city.context.reading() as session:
        promised_by = limits_of(session, city.context, session.get_one(Ticket, second))
        assert promised_by.result["normal"] == working_days(2), "returns and extensions go on by it"
        with pytest.raises(UnknownProfile):
            queries.named(session, "city-7")
        assert set(queries.to_choose(session, clock.now())) == {"city-2", *PROFILES}


def test_nobody_puts_in_force_what_they_had_a_hand_in(
    city: City, writing: Context, approving: Context
) -> None:
    service.begin_draft(approving, "137")
    assert refused(lambda: service.put_in_force(approving, 0)).obstacle is Obstacle.OWN_DRAFT
    service.write_draft(writing, 0, SHORT, "改")
    assert refused(lambda: service.put_in_force(approving, 1)).obstacle is Obstacle.OWN_DRAFT
    with pytest.raises(NotPermitted):  # a supervisor writes, and somebody else decides
        service.put_in_force(writing, 1)
    director = user(city.context, city.hotline_id, Role.DIRECTOR, username="director")
    assert service.put_in_force(city.context.acting_as(director), 1) == "city-1"
    with city.context.reading() as session:
        (row,) = queries.versions(session)
        assert (row.written_by, row.approved_by, row.note) == (city.supervisor.name, "director", "改")
    for nobody in (city.agent, city.dispatcher, city.leader):
        with pytest.raises(NotPermitted):
            service.begin_draft(city.context.acting_as(nobody), "137")


def test_what_is_faulty_stays_a_draft_with_its_findings(writing: Context, approving: Context) -> None:
    lacking = {place: limit for place, limit in SEED.items() if place != "sign_flash"}
    revision = written(writing, {**lacking, "result_urgent": hours(999)})
    wrong = refused(lambda: service.put_in_force(approving, revision))
    assert wrong.obstacle is Obstacle.FAULTY
    assert {(one.place, one.fault) for one in wrong.findings} == {
        ("sign_flash", Fault.MISSING),
        ("result_urgent", Fault.OUT_OF_RANGE),
    }
    with writing.reading() as session:
        assert set(queries.to_choose(session, writing.now())) == set(PROFILES), "not whole yet"
    service.write_draft(writing, revision, SHORT, "补全")
    assert service.put_in_force(approving, revision + 1)


def test_each_refusal_names_what_is_in_the_way(writing: Context, approving: Context) -> None:
    assert refused(lambda: service.begin_draft(writing, "city-x")).obstacle is Obstacle.UNKNOWN
    service.begin_draft(writing, "seed-2011")
    assert refused(lambda: service.begin_draft(approving, "137")).obstacle is Obstacle.DRAFT_THERE
    assert refused(lambda: service.put_in_force(approving, 0)).field == "note"
    assert refused(lambda: service.write_draft(writing, 0, SEED, " ")).field == "note"
    service.write_draft(writing, 0, SEED, "一样")
    past = refused(lambda: service.put_in_force(approving, 1, local("2020-04-30 15:59")))
    assert (past.obstacle, past.field) == (Obstacle.IN_PAST, "in_force_from")
    assert refused(lambda: service.put_in_force(approving, 1)).obstacle is Obstacle.NO_CHANGE
    stale = refused(lambda: service.write_draft(writing, 0, SHORT, "晚了一步"))
    assert stale.obstacle is Obstacle.CHANGED_MEANWHILE
    service.discard_draft(writing, 1)
    assert refused(lambda: service.discard_draft(writing, 1)).obstacle is Obstacle.CHANGED_MEANWHILE


def test_a_version_is_called_off_only_before_it_holds(
    writing: Context, approving: Context, clock: FixedClock
) -> None:
    revision = written(writing)
    service.put_in_force(approving, revision, local("2020-05-06 08:00"))
    service.call_off(approving, 1, "推迟")
    clock.set(local("2020-05-06 09:00"))
    with writing.reading() as session:
        assert queries.in_force(session, writing).name == "seed-2011"
        assert session.get_one(DeadlineVersion, 1).state is VersionState.CALLED_OFF
    service.begin_draft(writing, "137")
    service.write_draft(writing, 0, SHORT, "再来")
    service.put_in_force(approving, 1)
    assert refused(lambda: service.call_off(approving, 2, "晚了")).obstacle is Obstacle.IN_FORCE


def test_one_draft_and_one_who_is_faster_on_both_databases(database: Database, tmp_path: Path) -> None:
    """The rule of one draft is the index's, and the other's is a conditional update."""
    city = City.founded(make_context(database, FixedClock(), tmp_path))
    writing = city.context.acting_as(city.supervisor)
    revision = written(writing)
    assert refused(lambda: service.begin_draft(writing, "137")).obstacle is Obstacle.DRAFT_THERE
    admin = user(city.context, city.hotline_id, Role.ADMINISTRATOR)
    assert service.put_in_force(city.context.acting_as(admin), revision) == "city-1"
    assert refused(lambda: service.discard_draft(writing, revision)).obstacle is Obstacle.CHANGED_MEANWHILE
    service.begin_draft(writing, "city-1")
    with city.context.reading() as session:
        assert queries.in_force(session, city.context).name == "city-1"
