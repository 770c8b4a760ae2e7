"""What an administrator does to users and departments, what is refused, and what the log says of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.context import Context
from hotline.database import Database
from hotline.monitoring.models import AuditEntry, Deed
from hotline.people import administration as acts
from hotline.people import departments, second_factor
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.people.administration import PersonForm, fingerprint
from hotline.people.departments import UnitForm
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department, User
from hotline.people.queries import all_departments, people
from hotline.people.queries import departments as open_departments
from hotline.people.separation import Clash
from hotline.people.service import LoginRefused, change_password, log_in
from tests.factories import PASSWORD, City, FixedClock, make_context, user

HANDLER, LEADER = frozenset({Role.HANDLER}), frozenset({Role.UNIT_REVIEWER})


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """One kind of database: nothing here differs between the two."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def boss(city: City) -> Context:
    """Acting as an administrator."""
    return city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="boss"))


def stored(context: Context, actor: Actor) -> User:
    with context.reading() as session:
        found = session.get_one(User, actor.user_id)
        _ = found.department.can_lead
        return found


def log_of(context: Context) -> list[tuple[Deed, str, str, str]]:
    with context.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(line.deed, line.whom_name, line.reason, line.details) for line in lines]


def edited(context: Context, actor: Actor, aware: bool = False, **changes: object) -> None:
    found = stored(context, actor)
    said = {
        "username": found.username,
        "display_name": found.display_name,
        "department_code": found.department.code,
        "roles": found.role_set,
    }
    form = PersonForm(**{**said, **changes})  # type: ignore[arg-type]
    acts.edit_user(context, found.id, form, fingerprint(found), aware)


def refusal(act: Callable[[], object]) -> tuple[object, str]:
    with pytest.raises(PeopleRefused) as refused:
        act()
    return refused.value.obstacle, refused.value.field


def test_a_new_user_comes_in_by_a_first_password_and_the_log_says_who_made_them(boss: Context) -> None:
    made = acts.create_user(boss, PersonForm(" Li.Hua ", "李华", "water", HANDLER))
    assert made.username == "li.hua"
    assert made.password not in repr(made)
    assert log_in(boss, "li.hua", made.password) == made.user_id
    with boss.reading() as session:
        assert session.get_one(User, made.user_id).must_change_password
    assert log_of(boss) == [
        (Deed.CREATE_USER, "李华", "li.hua", "water"),
        (Deed.GRANT_ROLE, "李华", "", "handler"),
    ]
    with boss.reading() as session:
        assert {line.actor_name for line in session.scalars(select(AuditEntry))} == {"boss"}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"username": "x"}, (Obstacle.BAD_USERNAME, "username")),
        ({"username": "王 丽"}, (Obstacle.BAD_USERNAME, "username")),
        ({"username": "BOSS"}, (Obstacle.USERNAME_TAKEN, "username")),
        ({"display_name": "  "}, (Obstacle.NO_NAME, "display_name")),
        ({"display_name": "长" * 61}, (Obstacle.TOO_LONG, "display_name")),
        ({"department_code": "nowhere"}, (Obstacle.NO_DEPARTMENT, "department")),
        ({"roles": HANDLER | LEADER}, (Clash.WRITES_AND_APPROVES, "roles")),
        ({"roles": frozenset({Role.CALLBACK_AGENT})}, (Clash.NOT_OF_THE_HOTLINE, "roles")),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(
    boss: Context, changes: dict[str, object], refused: tuple[object, str]
) -> None:
    said = {"username": "lihua", "display_name": "李华", "department_code": "water", "roles": HANDLER}
    form = PersonForm(**{**said, **changes})  # type: ignore[arg-type]
    assert refusal(lambda: acts.create_user(boss, form)) == refused
    assert log_of(boss) == []


def test_every_change_is_a_line_of_its_own(boss: Context, city: City) -> None:
    other = user(city.context, city.water_id, Role.HANDLER, username="other")
    edited(boss, other, display_name="老王", department_code="police", roles=LEADER)
    assert log_of(boss) == [
        (Deed.RENAME_USER, "老王", "other → 老王", ""),
        (Deed.MOVE_USER, "老王", "water → police", ""),
        (Deed.GRANT_ROLE, "老王", "", "unit_reviewer"),
        (Deed.WITHDRAW_ROLE, "老王", "", "handler"),
    ]
    edited(boss, other)
    assert len(log_of(boss)) == 4


def test_a_department_that_could_not_lead_any_more_is_told_first(boss: Context, city: City) -> None:
    id_of_handler = city.handler.user_id or 0
    for act in (
        lambda: edited(boss, city.leader, roles=frozenset()),
        lambda: edited(boss, city.handler, department_code="police"),
        lambda: acts.deactivate_user(boss, id_of_handler, "退休"),
    ):
        assert refusal(act)[0] is Obstacle.LOSES_LEAD
    assert stored(boss, city.handler).is_active
    assert log_of(boss) == []
    acts.deactivate_user(boss, id_of_handler, "退休", aware=True)
    with boss.reading() as session:
        assert not session.get_one(Department, city.water_id).can_lead


def test_a_page_that_is_out_of_date_changes_nothing(boss: Context, city: City) -> None:
    seen = fingerprint(stored(boss, city.screener))
    edited(boss, city.screener, display_name="新名")
    form = PersonForm("", "旧页", "hotline", frozenset({Role.SCREENER}))
    assert refusal(lambda: acts.edit_user(boss, city.screener.user_id or 0, form, seen))[0] is Obstacle.STALE
    assert stored(boss, city.screener).display_name == "新名"


def test_nobody_locks_themselves_out_or_lets_themselves_in(boss: Context) -> None:
    assert refusal(lambda: edited(boss, boss.actor, roles=frozenset()))[0] is Obstacle.ONESELF
    own = boss.actor.user_id or 0
    for act in (acts.deactivate_user, acts.reset_password, second_factor.reset):
        assert refusal(lambda act=act: act(boss, own, "x"))[0] is Obstacle.ONESELF  # type: ignore[misc]


def test_who_has_left_comes_back_by_a_first_password(boss: Context, city: City) -> None:
    acts.deactivate_user(boss, city.agent.user_id or 0, "借调")
    with pytest.raises(LoginRefused):
        log_in(boss, city.agent.name, PASSWORD)
    made = acts.reactivate_user(boss, city.agent.user_id or 0, "回来了")
    with pytest.raises(LoginRefused):
        log_in(boss, city.agent.name, PASSWORD)
    assert log_in(boss, city.agent.name, made.password)
    assert [deed for deed, *_ in log_of(boss)] == [Deed.DEACTIVATE_USER, Deed.REACTIVATE_USER]


def test_a_reset_password_is_good_until_its_user_has_chosen_one(boss: Context, city: City) -> None:
    first = acts.reset_password(boss, city.agent.user_id or 0, "忘了")
    agent = boss.acting_as(city.agent)
    assert refusal(lambda: change_password(agent, PASSWORD, "another one 1"))[0] is Obstacle.WRONG_PASSWORD
    assert refusal(lambda: change_password(agent, first.password, "short"))[0] is Obstacle.WEAK_PASSWORD
    same = refusal(lambda: change_password(agent, first.password, first.password))
    assert same[0] is Obstacle.SAME_PASSWORD
    change_password(agent, first.password, "another one 1")
    assert log_in(boss, city.agent.name, "another one 1")
    assert not stored(boss, city.agent).must_change_password


def test_departments_open_and_close(boss: Context, city: City) -> None:
    unit_id = departments.create_department(boss, UnitForm("Parks", "园林局", "Parks", "2233"))
    assert refusal(lambda: departments.create_department(boss, UnitForm("parks", "x", "x")))[0] is (
        Obstacle.CODE_TAKEN
    )
    departments.edit_department(boss, unit_id, UnitForm("", "园林绿化局", "Parks", "2233"))
    departments.close_department(boss, unit_id)
    assert refusal(lambda: departments.close_department(boss, city.water_id))[0] is Obstacle.HAS_PEOPLE
    assert refusal(lambda: departments.close_department(boss, city.hotline_id))[0] is Obstacle.IS_HOTLINE
    with boss.reading() as session:
        assert "parks" not in [unit.code for unit in open_departments(session)]
        assert "parks" in [unit.code for unit in all_departments(session)]
    form = PersonForm("lihua", "李华", "parks", HANDLER)
    assert refusal(lambda: acts.create_user(boss, form))[0] is Obstacle.NO_DEPARTMENT
    departments.open_department(boss, unit_id)
    assert [(deed, reason) for deed, _, reason, _ in log_of(boss)] == [
        (Deed.CREATE_DEPARTMENT, "园林局"),
        (Deed.EDIT_DEPARTMENT, "园林局 → 园林绿化局"),
        (Deed.CLOSE_DEPARTMENT, "园林绿化局"),
        (Deed.OPEN_DEPARTMENT, "园林绿化局"),
    ]


def test_nobody_else_does_any_of_it(city: City) -> None:
    director = city.context.acting_as(user(city.context, city.hotline_id, Role.DIRECTOR))
    form, unit = PersonForm("lihua", "李华", "water", HANDLER), UnitForm("parks", "园林局", "Parks")
    for act in (
        lambda: acts.create_user(director, form),
        lambda: edited(director, city.agent),
        lambda: acts.deactivate_user(director, 1, "x"),
        lambda: acts.reactivate_user(director, 1, "x"),
        lambda: acts.reset_password(director, 1, "x"),
        lambda: departments.create_department(director, unit),
        lambda: departments.edit_department(director, 1, unit),
        lambda: departments.close_department(director, 1),
        lambda: departments.open_department(director, 1),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert log_of(city.context) == []


def test_people_are_found_by_a_part_of_their_names(boss: Context, city: City) -> None:
    acts.create_user(boss, PersonForm("li_hua", "李华", "water", HANDLER))
    with boss.reading() as session:
        assert [one.username for one in people(session, "_")] == ["li_hua"]
        assert [one.username for one in people(session, "华", city.water_id)] == ["li_hua"]
        assert people(session, "华", city.police_id) == []
