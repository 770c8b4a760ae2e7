"""What citizens find, where QR codes hang, how often they are scanned and what is said: on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hotline.context import Context
from hotline.knowledge import opinions, service
from hotline.knowledge.models import Complaint
from hotline.knowledge.places import count_scan, hanging, make_places, retire_place
from hotline.knowledge.public import notices, policies, topics
from hotline.knowledge.publishing import publish_entry, unpublish_entry
from hotline.knowledge.queries import open_feedback
from hotline.knowledge.rules import Content, KnowledgeRefused
from hotline.knowledge.scans import By, Scans, scans
from hotline.people.actors import Role
from tests.factories import CITIZEN, City, FixedClock, user

DAY = date(2020, 4, 30)  # a Thursday
MONDAY = date(2020, 4, 27)


@pytest.fixture
def editing(city: City) -> Context:
    return city.context.acting_as(
        user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR, username="editor")
    )


@pytest.fixture
def content(city: City) -> Content:
    return Content("水压不足怎么办", "请先看楼内阀门。", city.water_id, DAY, ["没有压力"])


def published(context: Context, content: Content, is_notice: bool = False) -> tuple[int, str]:
    """An entry that is public: its id and its code."""
    entry_id = service.write_entry(context, content)
    return entry_id, publish_entry(context, entry_id, 1, checked=True, is_notice=is_notice)


def titles(context: Context, **asked: str) -> list[str]:
    with context.reading() as session:
        return [line.title for line in policies(session, DAY, **asked).lines]


def test_citizens_find_what_holds_by_topic_and_words(editing: Context, content: Content) -> None:
    published(editing, replace(content, category_code="water.pressure"), is_notice=True)
    published(editing, replace(content, title="停水几天", answer="检修提前三天通知。", variants=[]))
    published(editing, replace(content, title="以后的", valid_from=DAY + timedelta(days=1)))
    service.write_entry(editing, replace(content, title="不公开的"))
    assert titles(editing) == ["停水几天", "水压不足怎么办"]
    assert titles(editing, words="没有压力") == titles(editing, topic="water.pressure") == ["水压不足怎么办"]
    assert titles(editing, topic="") == titles(editing, words="检修") == ["停水几天"]
    with editing.reading() as session:
        assert [(topic.code, topic.entries) for topic in topics(session, DAY)] == [
            ("water.pressure", 1),
            ("", 1),
        ]
        assert [line.title for line in notices(session, DAY)] == ["水压不足怎么办"]


def test_scans_count_by_place_entry_and_week(editing: Context, content: Content, clock: FixedClock) -> None:
    entry_id, _ = published(editing, content)
    made = make_places(editing, entry_id, ["大厅 3号窗口", "菜市场", " 菜市场 ", ""], "市北区")
    assert (made.new, made.there) == (2, 0)
    assert make_places(editing, entry_id, ["菜市场", "居委会"], "市北区").there == 1
    with editing.reading() as session:
        hall, market, office = (one.id for one in sorted(hanging(session, entry_id), key=lambda one: one.id))
    _scan(editing, hall, times=2)
    clock.advance(days=4)  # Monday: the next week
    _scan(editing, hall, times=1)
    _scan(editing, market, times=1)
    retire_place(editing, market)
    retire_place(editing, office)
    found = _scans(editing, By.PLACE)
    assert found.mondays[-2:] == [MONDAY, MONDAY + timedelta(weeks=1)]
    lines = [(line.place, list(line.weeks[-2:]), line.retired) for line in found.lines]
    assert lines == [("大厅 3号窗口", [2, 1], False), ("菜市场", [0, 1], True)], (
        "the office was never scanned"
    )
    assert found.all_of_week == [0] * 6 + [2, 2]
    (line,) = _scans(editing, By.ENTRY).lines
    assert (line.title, line.total) == ("水压不足怎么办", 4)


def test_opinions_are_counted_and_words_are_remarks_without_names(editing: Context, content: Content) -> None:
    entry_id, code = published(editing, content)
    opinions.say(editing, code, is_helpful=True)
    opinions.say(editing, code, is_helpful=False, words=f"看不懂，打{CITIZEN}告诉我")
    with editing.reading() as session:
        assert opinions.opinions(session, entry_id) == opinions.Opinions(1, 1)
        (remark,) = open_feedback(session)
        assert (remark.complaint, remark.by) == (Complaint.UNHELPFUL, opinions.CITIZEN)
        assert "看不懂" in remark.words
        assert CITIZEN not in remark.words
    unpublish_entry(editing, entry_id, 2, "改写")
    with pytest.raises(KnowledgeRefused):
        opinions.say(editing, code, is_helpful=True)


def _scan(context: Context, place_id: int, times: int) -> None:
    assert all(count_scan(context, place_id, f"198.51.100.{number}") for number in range(times))


def _scans(context: Context, by: By) -> Scans:
    with context.reading() as session:
        return scans(session, context.now().astimezone(context.settings.zone).date(), by)
