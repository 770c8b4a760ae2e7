"""Calls that are held against their tickets: what the tests of `hotline.consistency` begin with."""

from dataclasses import replace

from sqlalchemy import select

from hotline.calls.models import Call
from hotline.consistency.models import ReviewFinding
from hotline.consistency.rules import Kind
from hotline.context import Context
from hotline.dispatch.models import Category
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing
from hotline.tickets.service import Draft, register
from hotline.transcripts.models import Speaker
from hotline.transcripts.notices import notice_given, notice_heard
from tests.factories import City, complete_draft
from tests.spoken import talked

Said = list[tuple[Speaker, float, str]]

GREETING = (Speaker.AGENT, 6.0, "您好幺二三四五热线请讲")
GOODBYE = (Speaker.AGENT, 40.0, "感谢您的来电再见")
PLACE = "我家在市北区同安路六十八号"
COMPLAINT: Said = [
    GREETING,
    (Speaker.CALLER, 12.0, "我要投诉昨天晚上没有水"),
    (Speaker.CALLER, 20.0, PLACE),
    GOODBYE,
]
BARE = replace(complete_draft(), address="", district="")


def with_places(city: City) -> City:
    """The city with a road, and words for its categories."""
    add_missing(
        city.context, [Named(PlaceKind.DISTRICT, "市北区"), Named(PlaceKind.ROAD, "同安路", "市北区")]
    )
    with city.context.writing() as session:
        session.get_one(Category, "water.pressure").keywords = ["没有水", "水压"]
        session.add(Category(code="light", name_zh="路灯", name_en="Lights", keywords=["路灯", "不亮"]))
    return city


def told(context: Context, call_id: int) -> None:
    """The caller heard the notice out."""
    with context.reading() as session:
        linkedid = session.get_one(Call, call_id).linkedid
    notice_given(context, call_id, "zh", "", 0, ["greeting", "recording-notice"])
    notice_heard(context, linkedid, ["greeting", "recording-notice"], context.now())


def taken(city: City, said: Said = COMPLAINT, draft: Draft = BARE) -> tuple[int, int]:
    """A call with its ticket, as they are once the agent is done. Returns the ids of ticket and call."""
    ticket_id = city.drafted()
    call_id = talked(city.context, ticket_id, said, city.agent)
    told(city.context, call_id)
    register(city.context.acting_as(city.agent), ticket_id, draft)
    return ticket_id, call_id


def kept(context: Context) -> dict[Kind, ReviewFinding]:
    with context.reading() as session:
        return {row.kind: row for row in session.scalars(select(ReviewFinding))}
