"""Who makes an entry public and when it is over; whose telephones are told. Alike on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.directory.listings import Told, public_units, tell
from hotline.directory.service import Duty, DutyRefused, add_phone
from hotline.knowledge import service
from hotline.knowledge.places import (
    COUNTED_PER_ADDRESS,
    count_scan,
    hanging,
    make_places,
    place_of,
    retire_place,
)
from hotline.knowledge.public import policy
from hotline.knowledge.publishing import name_successor, publish_entry, unpublish_entry
from hotline.knowledge.rules import Content, KnowledgeRefused, Obstacle, Standing
from hotline.people.actors import NotPermitted, Role
from tests.factories import City, FixedClock, user
from tests.integration.test_core_policies import DAY, published, titles


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def editing(city: City) -> Context:
    return city.context.acting_as(
        user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR, username="editor")
    )


@pytest.fixture
def content(city: City) -> Content:
    return Content("水压不足怎么办", "请先看楼内阀门。", city.water_id, DAY, ["没有压力"])


def stands(context: Context, code: str, day: date = DAY) -> Standing:
    with context.reading() as session:
        found = policy(session, code, day)
        assert found is not None
        assert bool(found.answer) is found.is_shown, "an answer that is over is not told"
        return found.standing


def test_nothing_becomes_public_by_itself(editing: Context, content: Content) -> None:
    entry_id = service.write_entry(editing, content)
    assert titles(editing) == []
    with pytest.raises(KnowledgeRefused) as refused:
        publish_entry(editing, entry_id, 1, checked=False)
    assert refused.value.obstacle is Obstacle.UNCHECKED
    code = publish_entry(editing, entry_id, 1, checked=True)
    assert (titles(editing), stands(editing, code)) == (["水压不足怎么办"], Standing.CURRENT)
    service.confirm_entry(editing, entry_id, 2)
    service.change_entry(editing, entry_id, 3, replace(content, answer="甲"), stays_public=True)
    assert stands(editing, code.lower()) is Standing.CURRENT
    service.change_entry(editing, entry_id, 4, replace(content, answer="乙"))
    assert (titles(editing), stands(editing, code)) == ([], Standing.HELD_BACK)
    assert publish_entry(editing, entry_id, 5, checked=True) == code, "what is printed stays right"
    service.withdraw_entry(editing, entry_id, 6, "换了规定")
    assert stands(editing, code) is Standing.WITHDRAWN
    with pytest.raises(KnowledgeRefused):
        publish_entry(editing, entry_id, 7, checked=True)
    service.restore_entry(editing, entry_id, 7)
    assert stands(editing, code) is Standing.HELD_BACK


def test_what_is_over_leads_to_what_holds_instead(editing: Context, content: Content) -> None:
    old, old_code = published(editing, replace(content, valid_until=DAY))
    middle, _ = published(editing, replace(content, title="中间的"))
    new, new_code = published(editing, replace(content, title="现在的"))
    name_successor(editing, old, 2, middle)
    name_successor(editing, middle, 2, new)
    for entry_id, version, successor in ((new, 2, old), (old, 3, old)):
        with pytest.raises(KnowledgeRefused) as refused:
            name_successor(editing, entry_id, version, successor)
        assert refused.value.obstacle is Obstacle.IN_A_CIRCLE
    unpublish_entry(editing, middle, 3, "并入新的")
    later = DAY + timedelta(days=1)
    assert stands(editing, old_code, later) is Standing.EXPIRED
    with editing.reading() as session:
        found = policy(session, old_code, later)
        assert found is not None
        assert found.successor is not None
        assert found.successor.code == new_code, "past the one that is public no more"
        assert policy(session, "NOTHNG", later) is None


def test_a_place_has_one_code_and_an_address_counts_so_often(
    editing: Context, content: Content, city: City, clock: FixedClock
) -> None:
    hidden = service.write_entry(editing, content)
    with pytest.raises(KnowledgeRefused) as refused:
        make_places(editing, hidden, ["大厅"])
    assert refused.value.obstacle is Obstacle.NOT_PUBLIC
    entry_id, _ = published(editing, content)
    for wrong in ([], [" "], ["长" * 61], [str(number) for number in range(201)]):
        with pytest.raises(KnowledgeRefused):
            make_places(editing, entry_id, wrong)
    make_places(editing, entry_id, ["大厅"])
    with editing.reading() as session:
        (code,) = (one.code for one in hanging(session, entry_id))
        place = place_of(session, f" {code.lower()}")
        assert place is not None
    counted = [count_scan(editing, place.id, "198.51.100.7") for _ in range(COUNTED_PER_ADDRESS + 1)]
    assert counted == [True] * COUNTED_PER_ADDRESS + [False]
    clock.advance(minutes=16)
    assert count_scan(editing, place.id, "198.51.100.7")
    retire_place(editing, place.id)
    with pytest.raises(KnowledgeRefused):
        retire_place(editing, place.id)
    agent = city.context.acting_as(city.agent)
    for deed in (
        lambda: publish_entry(agent, hidden, 1, checked=True),
        lambda: unpublish_entry(agent, entry_id, 2, "不要"),
        lambda: name_successor(agent, hidden, 1, None),
        lambda: make_places(agent, entry_id, ["大厅"]),
        lambda: retire_place(agent, place.id),
    ):
        with pytest.raises(NotPermitted):
            deed()


def test_no_duty_telephone_is_told_to_everybody(city: City) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    add_phone(supervisor, city.water_id, Duty("84110005", "总值班室"))
    for phone in ("84110005", "8411 0005", "0532-84110005"):
        with pytest.raises(DutyRefused) as refused:
            tell(supervisor, city.water_id, Told("供水、排水", phone=phone))
        assert refused.value.field == "public_phone"
    with pytest.raises(NotPermitted):
        tell(city.context.acting_as(city.agent), city.water_id, Told("供水"))
    tell(supervisor, city.water_id, Told("供水、排水", phone="0532-84220005", hours_zh="工作日 9:00–17:00"))
    with supervisor.reading() as session:
        (unit,) = public_units(session, "排水")
        assert (unit.name_zh, unit.told.phone) == ("水务局", "0532-84220005")
        assert public_units(session, "燃气") == []
    add_phone(supervisor, city.police_id, Duty("84220005", "夜班"))  # it is somebody's duty telephone now
    with supervisor.reading() as session:
        assert [unit.told.phone for unit in public_units(session)] == [""]
    tell(supervisor, city.water_id, Told(" "))
    with supervisor.reading() as session:
        assert public_units(session) == []
