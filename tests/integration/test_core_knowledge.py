"""The knowledge base: written, changed, offered while it holds, looked at again, complained of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.context import Context
from hotline.knowledge import service
from hotline.knowledge.models import Complaint, Deed, Entry
from hotline.knowledge.queries import (
    CITED,
    Shelf,
    candidates,
    entry_of,
    freshness,
    listed,
    offered,
    open_feedback,
)
from hotline.knowledge.rules import Content, KnowledgeRefused, Obstacle
from hotline.people.actors import NotPermitted, Role
from hotline.screening.answering import answer_directly
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketType
from tests.factories import City, complete_draft, user

DAY = date(2020, 4, 30)


@pytest.fixture
def editing(city: City) -> Context:
    return city.context.acting_as(
        user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR, username="editor")
    )


@pytest.fixture
def content(city: City) -> Content:
    return Content(
        title="水压不足怎么办",
        variants=["水太小", "自来水没有压力"],
        answer="请先看楼内阀门，再拨打供水热线。",
        legal_basis="城市供水条例第二十二条",
        owner_id=city.water_id,
        category_code="water.pressure",
        valid_from=DAY,
    )


def titles(context: Context, day: date = DAY, **asked: str) -> list[str]:
    with context.reading() as session:
        return [entry.title for entry in offered(session, day, **asked)]


def version(context: Context, entry_id: int) -> int:
    with context.reading() as session:
        return session.get_one(Entry, entry_id).version


def test_an_entry_is_offered_by_class_and_by_any_of_its_words(editing: Context, content: Content) -> None:
    service.write_entry(editing, content)
    service.write_entry(editing, replace(content, title="停水几天", variants=[], category_code=None))
    assert titles(editing, category="water.pressure") == ["水压不足怎么办"]
    assert titles(editing, words="没有压力") == ["水压不足怎么办"]
    assert titles(editing, words="供水条例 停水") == ["停水几天"]
    assert set(titles(editing, words="阀门")) == {"水压不足怎么办", "停水几天"}
    assert titles(editing, words="阀门", category="water.pressure")[0] == "水压不足怎么办"
    assert titles(editing) == titles(editing, words="油烟") == []


def test_what_is_not_valid_is_not_offered(editing: Context, content: Content) -> None:
    last = DAY + timedelta(days=10)
    entry_id = service.write_entry(editing, replace(content, valid_until=last))
    for day, is_there in ((DAY - timedelta(days=1), False), (DAY, True), (last, True)):
        assert bool(titles(editing, day, words="阀门")) is is_there
    assert titles(editing, last + timedelta(days=1), words="阀门") == []
    service.withdraw_entry(editing, entry_id, 1, "改由别的单位答复")
    assert titles(editing, words="阀门") == []
    with editing.reading() as session:
        ended = listed(session, editing.now(), DAY, Shelf.ENDED)
        assert [entry.id for entry in ended.entries] == [entry_id]
    service.restore_entry(editing, entry_id, 2)
    assert titles(editing, words="阀门") != []


def test_every_version_is_kept_and_found_by_the_newest_words(editing: Context, content: Content) -> None:
    entry_id = service.write_entry(editing, content)
    service.change_entry(editing, entry_id, 1, replace(content, answer="请直接报修。"), "新规定")
    assert titles(editing, words="阀门") == []
    assert titles(editing, words="报修") != []
    service.confirm_entry(editing, entry_id, 2)
    with editing.reading() as session:
        entry = entry_of(session, entry_id)
        assert entry is not None
        assert [line.deed for line in entry.versions] == [Deed.REVIEWED, Deed.CHANGED, Deed.WRITTEN]
        assert [line.version for line in entry.versions] == [3, 2, 1]
        assert entry.versions[-1].content["answer"] == content.answer
        assert entry.versions[1].reason == "新规定"


def test_of_two_editors_at_once_the_second_is_told(editing: Context, content: Content) -> None:
    entry_id = service.write_entry(editing, content)
    service.change_entry(editing, entry_id, 1, replace(content, answer="甲"))
    with pytest.raises(KnowledgeRefused) as refused:
        service.change_entry(editing, entry_id, 1, replace(content, answer="乙"))
    assert refused.value.obstacle is Obstacle.CHANGED_MEANWHILE
    assert titles(editing, words="乙") == []


@pytest.mark.parametrize(
    ("wrong", "obstacle", "name"),
    [
        ({"title": " "}, Obstacle.EMPTY, "title"),
        ({"answer": ""}, Obstacle.EMPTY, "answer"),
        ({"title": "长" * 121}, Obstacle.TOO_LONG, "title"),
        ({"answer": "长" * 4001}, Obstacle.TOO_LONG, "answer"),
        ({"variants": ["长" * 121]}, Obstacle.TOO_LONG, "variants"),
        ({"variants": [str(number) for number in range(21)]}, Obstacle.TOO_MANY, "variants"),
        ({"valid_until": DAY - timedelta(days=1)}, Obstacle.NOT_IN_ORDER, "valid_until"),
        ({"review_days": 0}, Obstacle.NOT_IN_ORDER, "review_days"),
        ({"owner_id": 99999}, Obstacle.UNKNOWN, "owner_id"),
        ({"category_code": "nothing"}, Obstacle.UNKNOWN, "category_code"),
    ],
)
def test_what_cannot_be_kept_is_named(
    editing: Context, content: Content, wrong: dict[str, object], obstacle: Obstacle, name: str
) -> None:
    with pytest.raises(KnowledgeRefused) as refused:
        service.write_entry(editing, replace(content, **wrong))  # type: ignore[arg-type]
    assert (refused.value.obstacle, refused.value.field) == (obstacle, name)


def test_who_does_not_edit_only_reads_and_complains(city: City, editing: Context, content: Content) -> None:
    entry_id = service.write_entry(editing, content)
    agent = city.context.acting_as(city.agent)
    for deed in (
        lambda: service.write_entry(agent, content),
        lambda: service.change_entry(agent, entry_id, 1, content),
        lambda: service.confirm_entry(agent, entry_id, 1),
        lambda: service.withdraw_entry(agent, entry_id, 1, "不对"),
        lambda: service.dismiss_candidate(agent, 1),
        lambda: service.settle_feedback(agent, 1, "好"),
    ):
        with pytest.raises(NotPermitted):
            deed()
    service.give_feedback(agent, entry_id, Complaint.OUTDATED, "电话换了")
    with editing.reading() as session:
        [feedback] = open_feedback(session)
        assert (feedback.words, feedback.by, feedback.version) == ("电话换了", city.agent.name, 1)
    service.settle_feedback(editing, feedback.id, "已改")
    with editing.reading() as session:
        assert open_feedback(session) == []
    with pytest.raises(KnowledgeRefused) as refused:
        service.settle_feedback(editing, feedback.id, "已改")
    assert refused.value.obstacle is Obstacle.SETTLED


def test_freshness_counts_what_was_looked_at_in_its_cycle(editing: Context, content: Content) -> None:
    entry_id = service.write_entry(editing, replace(content, review_days=1))
    service.write_entry(editing, content)
    later = editing.now() + timedelta(days=2)
    with editing.reading() as session:
        assert freshness(session, editing.now(), DAY).in_cycle == 2
        late = freshness(session, later, DAY)
        assert (late.in_cycle, late.entries) == (1, 2)
        overdue = listed(session, later, DAY, Shelf.OVERDUE)
        assert [entry.id for entry in overdue.entries] == [entry_id]


def test_an_answered_consultation_without_an_entry_is_a_candidate(
    city: City, editing: Context, content: Content
) -> None:
    first, second, cited = (_answered(city, basis) for basis in ("", "供水条例", f"{CITED} 1 水压"))
    with editing.reading() as session:
        assert [ticket.id for ticket, _answer in candidates(session)] == [second, first]
    service.write_entry(editing, content, of_ticket_id=first)
    service.dismiss_candidate(editing, second)
    service.dismiss_candidate(editing, second)
    with editing.reading() as session:
        assert candidates(session) == []
    for taken in (first, second, cited):
        with pytest.raises(KnowledgeRefused) as refused:
            service.write_entry(editing, content, of_ticket_id=taken)
        assert refused.value.obstacle is Obstacle.TAKEN


def _answered(city: City, basis: str) -> int:
    ticket_id = city.drafted()
    asked = replace(complete_draft(), type=TicketType.CONSULTATION)
    answer_directly(city.context.acting_as(city.agent), ticket_id, "请先看阀门。", basis, asked)
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).closed_at is not None
    return ticket_id
