"""Where a call has been before an agent had it."""

from sqlalchemy import select

from hotline.calls.broken import waits_again
from hotline.calls.models import Call
from hotline.calls.rules import Reason
from hotline.calls.service import call_answered_elsewhere, call_queued, open_call
from hotline.calls.way import LONGEST, WayKind, passed, phone_not_answered, planned
from hotline.context import Context
from hotline.queueing.models import Skill
from hotline.queueing.service import joined_line, place


def kept(context: Context) -> Call:
    with context.reading() as session:
        return session.scalars(select(Call)).one()


def test_what_a_call_passes_is_kept_once_and_in_order(context: Context) -> None:
    with context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese"))
    opened = open_call(context, "1.1", "13800001234", "12320")
    place(context, opened.call_id, "yue")
    refused = passed(WayKind.REFUSED, reason=Reason.PREMIUM)
    for _asked_again in range(2):
        planned(context, opened.call_id, "cantonese", [refused])
    phone_not_answered(context, "1.1")
    joined_line(context, "1.1", "hotline")
    call = kept(context)
    assert call.tongue == "cantonese"
    assert call.way == [refused, {"kind": "phone"}, {"kind": "skill", "skill": "yue"}]


def test_it_does_not_grow_for_ever(context: Context) -> None:
    opened = open_call(context, "1.1", "13800001234", "12320")
    way = [passed(WayKind.LINE, number=str(number)) for number in range(12000, 12100)]
    planned(context, opened.call_id, "", way)
    assert kept(context).way == way[:LONGEST]


def test_of_a_call_that_nobody_opened_nothing_is_kept(context: Context) -> None:
    phone_not_answered(context, "9.9")
    with context.reading() as session:
        assert session.scalars(select(Call)).all() == []


def test_who_waits_after_a_talk_with_a_leader_was_heard_by_the_leader(context: Context) -> None:
    opened = open_call(context, "1.1", "13800001234", "12345")
    leader = passed(WayKind.LEADER, name="李局长", scope="")
    planned(context, opened.call_id, "", [leader])
    call_answered_elsewhere(context, "1.1", "1.2", "PJSIP/trunk-2", "05325550001")
    waits_again(context, "1.1")
    assert kept(context).way == [leader, passed(WayKind.HEARD)]
    assert kept(context).phone == ""


def test_who_waits_again_after_an_agent_was_not(context: Context) -> None:
    opened = open_call(context, "1.1", "13800001234", "12345")
    leader = passed(WayKind.LEADER, name="李局长", scope="")
    planned(context, opened.call_id, "", [leader])
    call_queued(context, "1.1")
    call_answered_elsewhere(context, "1.1", "1.2", "PJSIP/trunk-2", "05325550002")
    waits_again(context, "1.1")
    assert kept(context).way == [leader]
