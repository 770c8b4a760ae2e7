"""Calls are held against their tickets by themselves; what people answered stays. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallLeg
from hotline.calls.timeline import Span, SpanKind
from hotline.consistency import checking, wanted
from hotline.consistency.checking import CLAIM_LASTS, MOST_TRIES, RETRY_AFTER, Checker
from hotline.consistency.models import Answer, ConsistencyCheck, ReviewFinding
from hotline.consistency.queries import Wanted, finding_page, findings_of_ticket, set_aside
from hotline.consistency.rules import Kind
from hotline.consistency.sentences import Notice, Where
from hotline.consistency.service import NoSuchFinding, answer, check_again
from hotline.conversations.models import RecordingPause
from hotline.follow_up.comments import follow_up_recorded
from hotline.follow_up.service import begin_attempt
from hotline.screening.service import Screened, accept
from hotline.sealing.service import refer_lead
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.tickets.states import Confidentiality, TicketType, Urgency
from hotline.transcripts.models import Recording, Speaker
from hotline.transcripts.notices import notice_given
from hotline.transcripts.service import TrackFile, claim_recording, complete_transcript
from tests.factories import City, FixedClock, complete_draft
from tests.integration.checked_calls import (
    BARE,
    COMPLAINT,
    GOODBYE,
    GREETING,
    PLACE,
    Said,
    kept,
    taken,
    told,
    with_places,
)
from tests.spoken import talked, written_anew


@pytest.fixture
def city(city: City) -> City:
    return with_places(city)


def test_a_call_is_looked_at_once_transcript_and_ticket_are_there(city: City) -> None:
    checker = Checker(city.context)
    ticket_id = city.drafted()
    call_id = talked(city.context, ticket_id, COMPLAINT, city.agent)
    told(city.context, call_id)
    checker.check_due()
    assert kept(city.context) == {}  # a draft may still become anything
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    assert checker.check_due() == 1
    found = kept(city.context)
    assert set(found) == {Kind.PLACE_MISSING, Kind.TIME_MISSING}
    place = found[Kind.PLACE_MISSING]
    assert (place.words, place.value) == ("同安路六十八号", "同安路68号")
    assert place.at_s == pytest.approx(20.0 + 0.2 * PLACE.index("同安路"))
    assert place.until_s == pytest.approx(20.0 + 0.2 * len(PLACE))
    assert (place.model_name, place.model_hash, place.answer) == ("small-zh", "0" * 64, None)
    assert checker.check_due() == 0


def test_a_ticket_that_comes_first_waits_for_the_transcript(city: City) -> None:
    ticket_id = city.drafted()
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    checker = Checker(city.context)
    checker.check_due()
    talked(city.context, ticket_id, COMPLAINT, city.agent)
    assert checker.check_due() == 1
    assert Kind.PLACE_MISSING in kept(city.context)


def test_every_kind_is_found(city: City) -> None:
    said: Said = [
        (Speaker.AGENT, 6.0, "请讲"),
        (Speaker.CALLER, 12.0, "我要投诉有人困在电梯里了"),
        (Speaker.CALLER, 20.0, PLACE + "昨天晚上"),
        (Speaker.CALLER, 60.0, "另外还有路灯不亮也没有人来管一管"),
        (Speaker.AGENT, 61.0, "好的好的好的好的好的好的"),
    ]
    ticket_id = city.drafted()
    talked(city.context, ticket_id, said, city.agent)
    enquiry = replace(BARE, type=TicketType.CONSULTATION)
    register(city.context.acting_as(city.agent), ticket_id, enquiry)
    with city.context.writing() as session:  # while the call went on
        session.get_one(Ticket, ticket_id).registered_at = city.context.now() - timedelta(seconds=30)
    Checker(city.context).check_due()
    assert set(kept(city.context)) == set(Kind)
    with city.context.reading() as session:
        rows = session.scalars(select(ReviewFinding).where(ReviewFinding.kind == Kind.SENTENCE_MISSING)).all()
        assert {row.value for row in rows} == {"报出热线名称", "告知工单编号", "结束语"}
    assert kept(city.context)[Kind.NOTICE_MISSING].value == Notice.NOT_PLAYED
    assert kept(city.context)[Kind.MATTER_MISSING].value == "light"


def test_a_complete_ticket_of_a_proper_call_gives_nothing_to_look_at(city: City) -> None:
    whole = replace(complete_draft(), occurred_at=city.context.now())
    taken(city, draft=whole)
    assert Checker(city.context).check_due() == 1
    assert kept(city.context) == {}


def test_a_notice_that_a_key_cut_short_is_told_apart(city: City) -> None:
    ticket_id = city.drafted()
    call_id = talked(city.context, ticket_id, COMPLAINT, city.agent)
    notice_given(city.context, call_id, "zh", "", 0, ["greeting", "recording-notice"])
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    Checker(city.context).check_due()
    assert kept(city.context)[Kind.NOTICE_MISSING].value == Notice.NOT_HEARD_OUT


def test_nobody_has_to_speak_on_hold(city: City) -> None:
    said = [GREETING, (Speaker.CALLER, 12.0, "没有水"), (Speaker.AGENT, 60.0, "再见")]
    ticket_id = city.drafted()
    call_id = talked(city.context, ticket_id, said, city.agent)
    with city.context.writing() as session:
        call = session.get_one(Call, call_id)
        begin, end = (call.started_at + timedelta(seconds=at) for at in (14, 58))
        hold = Span(SpanKind.HOLD, begin, end).as_json()
        session.add(
            CallLeg(call=call, uniqueid="c", channel="c", role="caller", started_at=begin, spans=[hold])
        )
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    Checker(city.context).check_due()
    assert Kind.LONG_SILENCE not in kept(city.context)


@pytest.mark.parametrize(("begins", "is_found"), [(14, False), (40, True)])
def test_nobody_has_to_speak_while_the_recording_is_paused(city: City, begins: int, is_found: bool) -> None:
    said = [GREETING, (Speaker.CALLER, 12.0, "没有水"), (Speaker.AGENT, 60.0, "再见")]
    ticket_id = city.drafted()
    call_id = talked(city.context, ticket_id, said, city.agent)
    with city.context.writing() as session:
        call = session.get_one(Call, call_id)
        begin, end = (call.started_at + timedelta(seconds=at) for at in (begins, 58))
        session.add(RecordingPause(call_id=call_id, from_at=begin, until_at=end))
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    Checker(city.context).check_due()
    assert (Kind.LONG_SILENCE in kept(city.context)) is is_found


def test_a_sentence_of_the_citys_own_is_looked_for_in_calls_of_its_language(city: City) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    wanted.add_sentence(supervisor, wanted.Wording("满意度", ["请您评价"], Where.CLOSING))
    wanted.add_sentence(supervisor, wanted.Wording("Goodbye", ["goodbye"], Where.CLOSING, language="en"))
    with city.context.reading() as session:
        goodbye = next(row for row in wanted.all_sentences(session) if row.name == "结束语")
    wanted.retire_sentence(supervisor, goodbye.id)
    taken(city, [GREETING, (Speaker.CALLER, 12.0, "没有水")])
    Checker(city.context).check_due()
    assert kept(city.context)[Kind.SENTENCE_MISSING].value == "满意度"


def test_what_was_written_in_the_ticket_after_all_is_no_finding_any_more(city: City) -> None:
    ticket_id, _ = taken(city)
    checker = Checker(city.context)
    checker.check_due()
    reviewer = city.context.acting_as(city.reviewer)
    answer(reviewer, kept(city.context)[Kind.PLACE_MISSING].id, Answer.RIGHT)
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.address, ticket.occurred_at = "同安路68号", city.context.now()
    accept(city.context.acting_as(city.screener), ticket_id, Screened(urgency=Urgency.NORMAL))
    assert checker.check_due() == 1
    found = kept(city.context)
    assert set(found) == {Kind.PLACE_MISSING}, "what nobody answered goes"
    assert found[Kind.PLACE_MISSING].gone_at is not None
    assert found[Kind.PLACE_MISSING].answer is Answer.RIGHT
    with city.context.reading() as session:
        assert finding_page(session, city.reviewer, Wanted(answer=Answer.RIGHT)).listed == []
        ticket = session.get_one(Ticket, ticket_id)
        assert [one.finding.kind for one in findings_of_ticket(session, city.reviewer, ticket)] == [
            Kind.PLACE_MISSING
        ]


def test_a_better_transcript_finds_anew_and_answers_stay_where_it_is_the_same(city: City) -> None:
    _, call_id = taken(city)
    checker = Checker(city.context)
    checker.check_due()
    before = kept(city.context)
    answer(city.context.acting_as(city.reviewer), before[Kind.PLACE_MISSING].id, Answer.NOT_RIGHT)
    answer(city.context.acting_as(city.reviewer), before[Kind.TIME_MISSING].id, Answer.SEEN)
    better: Said = [
        GREETING,
        (Speaker.CALLER, 21.0, PLACE),
        (Speaker.CALLER, 30.0, "今天上午停的水"),
        GOODBYE,
    ]
    written_anew(city.context, call_id, better)
    assert checker.check_due() == 1
    with city.context.reading() as session:
        rows = session.scalars(select(ReviewFinding).order_by(ReviewFinding.kind, ReviewFinding.id)).all()
        assert [(row.kind, row.answer, row.gone_at is None, row.model_name) for row in rows] == [
            (Kind.PLACE_MISSING, Answer.NOT_RIGHT, True, "better"),
            (Kind.TIME_MISSING, Answer.SEEN, False, "small-zh"),  # of another time
            (Kind.TIME_MISSING, None, True, "better"),
        ]
        assert rows[0].at_s == pytest.approx(21.0 + 0.2 * PLACE.index("同安路"))


def test_where_nothing_has_changed_nobody_looks_again(city: City, clock: FixedClock) -> None:
    _, call_id = taken(city)
    checker = Checker(city.context)
    checker.check_due()
    with city.context.writing() as session:
        session.execute(ReviewFinding.__table__.delete())
        checking.mark(session, [call_id], clock.now())
    assert checker.check_due() == 1
    assert kept(city.context) == {}
    day = timedelta(days=1)
    assert checking.mark_between(city.context, clock.now() - day, clock.now() + day) == 1
    checker.check_due()
    assert kept(city.context) != {}


def test_what_fails_is_tried_again_set_aside_and_shown(city: City, clock: FixedClock) -> None:
    _, call_id = taken(city)
    with city.context.writing() as session:  # a transcript as no transcriber writes it
        recording = session.scalars(select(Recording).where(Recording.call_id == call_id)).one()
        segment = next(s for track in recording.tracks for s in track.segments)
        segment.words = [["only a word"]]
    checker = Checker(city.context)
    for tries in range(1, MOST_TRIES + 1):
        assert checker.check_due() == 1, tries
        assert checker.check_due() == 0, "not before its time"
        clock.advance(seconds=RETRY_AFTER.total_seconds() * tries)
    assert checker.check_due() == 0
    with city.context.reading() as session:
        (failed,) = set_aside(session, city.reviewer)
        assert failed.check.failure == "ValueError"
        assert failed.ticket_number
        segment = session.get_one(type(segment), segment.id)
    with city.context.writing() as session:
        session.get_one(type(segment), segment.id).words = []
    check_again(city.context.acting_as(city.reviewer), failed.check.id)
    assert checker.check_due() == 1
    with city.context.reading() as session:
        assert set_aside(session, city.reviewer) == []
    assert kept(city.context) != {}


def test_a_killed_worker_loses_nothing_and_three_are_enough(city: City, clock: FixedClock) -> None:
    taken(city)
    checking.follow_log(city.context)
    for _ in range(MOST_TRIES):
        assert checking._claim(city.context) is not None
        assert checking._claim(city.context) is None, "another worker has it"
        clock.advance(seconds=CLAIM_LASTS.total_seconds() + 1)
    assert Checker(city.context).check_due() == 0
    with city.context.reading() as session:
        assert session.scalars(select(ConsistencyCheck.failure)).one() == "WorkerDied"


def test_a_ticket_that_changes_under_the_workers_hands_is_looked_at_again(city: City) -> None:
    ticket_id, _ = taken(city)
    checking.follow_log(city.context)
    claim = checking._claim(city.context)
    assert claim is not None
    accept(city.context.acting_as(city.screener), ticket_id, Screened(urgency=Urgency.FLASH))
    checking.follow_log(city.context)  # marks it anew
    checker = Checker(city.context)
    checking._check(city.context, checker._librarian, claim)
    assert kept(city.context) == {}, "the claim was no longer in force"
    assert checker.check_due() == 1
    assert kept(city.context) != {}


def test_nothing_is_made_of_a_sealed_matter_and_nobody_reads_what_was(city: City) -> None:
    ticket_id, _ = taken(city)
    checker = Checker(city.context)
    checker.check_due()
    finding = kept(city.context)[Kind.PLACE_MISSING]
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with city.context.reading() as session:
        assert finding_page(session, city.reviewer, Wanted()).listed == []
        ticket = session.get_one(Ticket, ticket_id)
        assert findings_of_ticket(session, city.reviewer, ticket) == []
    with pytest.raises(NoSuchFinding):
        answer(city.context.acting_as(city.reviewer), finding.id, Answer.RIGHT)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.NORMAL
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    checker.check_due()
    assert kept(city.context) == {}


def test_follow_up_calls_are_not_looked_at(city: City) -> None:
    _, follow_up_id = city.owed()
    attempt = begin_attempt(city.context, follow_up_id)
    track = TrackFile(Speaker.CALLER, "2020/04/30/f/caller.wav", 9.0)
    follow_up_recorded(city.context, attempt.channel_id, "2020/04/30/f", [track])
    claim = claim_recording(city.context, "tests")
    assert claim is not None
    complete_transcript(city.context, claim, {}, "small-zh", "0" * 64)
    assert Checker(city.context).check_due() == 1
    assert kept(city.context) == {}
