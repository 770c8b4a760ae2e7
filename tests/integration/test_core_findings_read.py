"""Who reads and answers what was found, and what is masked or goes with the text."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select

from hotline.calls.models import Call, CallLeg
from hotline.consistency import checking, wanted
from hotline.consistency.checking import Checker
from hotline.consistency.models import Answer, ReviewFinding
from hotline.consistency.privacy import Reader
from hotline.consistency.queries import Wanted, finding_page
from hotline.consistency.rules import Kind
from hotline.consistency.sentences import Where
from hotline.consistency.service import NoSuchFinding, OwnCall, answer
from hotline.monitoring.models import AuditEntry, Deed
from hotline.people.actors import NotPermitted, Role
from hotline.retention import service as retention
from hotline.transcripts.models import Speaker
from tests.factories import City, FixedClock, complete_draft, user
from tests.integration.checked_calls import GOODBYE, GREETING, Said, kept, taken, with_places


@pytest.fixture
def city(city: City) -> City:
    return with_places(city)


def test_answers_are_of_reviewers_who_did_not_take_the_call(city: City) -> None:
    taken(city)
    Checker(city.context).check_due()
    finding_id = kept(city.context)[Kind.PLACE_MISSING].id
    both = user(city.context, city.hotline_id, Role.AGENT, Role.REVIEWER)
    for nobody in (city.agent, city.dispatcher, city.handler, city.callback_agent):
        with pytest.raises(NotPermitted):
            answer(city.context.acting_as(nobody), finding_id, Answer.RIGHT)
    with city.context.writing() as session:
        call = session.scalars(select(Call)).one()
        call.legs.append(
            CallLeg(
                uniqueid="x", channel="x", role="agent", agent_id=both.user_id, started_at=call.started_at
            )
        )
    with pytest.raises(OwnCall):
        answer(city.context.acting_as(both), finding_id, Answer.RIGHT)
    with pytest.raises(NoSuchFinding):
        answer(city.context.acting_as(city.reviewer), finding_id + 99, Answer.RIGHT)
    answer(city.context.acting_as(city.supervisor), finding_id, Answer.SEEN)
    answer(city.context.acting_as(city.reviewer), finding_id, Answer.NOT_RIGHT)
    finding = kept(city.context)[Kind.PLACE_MISSING]
    assert (finding.answer, finding.answered_by) == (Answer.NOT_RIGHT, city.reviewer.name)
    with city.context.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(line.deed, line.actor_name, line.whom_id, line.details) for line in lines] == [
            (Deed.ANSWER_FINDING, city.supervisor.name, city.agent.user_id, f"{finding_id}:seen"),
            (Deed.ANSWER_FINDING, city.reviewer.name, city.agent.user_id, f"{finding_id}:not_right"),
        ]


def test_what_was_said_is_loaded_only_where_words_are_masked(city: City) -> None:
    taken(city)
    Checker(city.context).check_due()
    for person, is_masked in ((city.reviewer, False), (city.supervisor, True)):
        with city.context.reading() as session:
            (recording,) = {one.recording for one in finding_page(session, person, Wanted()).listed}
            assert {"segments" in inspect(track).unloaded for track in recording.tracks} == {not is_masked}


def test_the_list_is_by_kind_and_answer(city: City) -> None:
    taken(city)
    Checker(city.context).check_due()
    answer(city.context.acting_as(city.reviewer), kept(city.context)[Kind.TIME_MISSING].id, Answer.RIGHT)
    with city.context.reading() as session:
        page = finding_page(session, city.reviewer, Wanted())
        assert [one.finding.kind for one in page.listed] == [Kind.PLACE_MISSING]
        assert page.counts == {Kind.PLACE_MISSING: 1}
        assert finding_page(session, city.reviewer, Wanted(Kind.BOTH_TALK)).listed == []
        right = finding_page(session, city.reviewer, Wanted(Kind.TIME_MISSING, Answer.RIGHT))
        assert [one.finding.kind for one in right.listed] == [Kind.TIME_MISSING]
        assert finding_page(session, city.handler, Wanted()).listed == []


def test_words_are_masked_by_the_transcripts_own_redaction(city: City) -> None:
    """A part of a number that is no number by itself stays hidden, for the transcript around it tells."""
    number: Said = [
        GREETING,
        (Speaker.CALLER, 12.0, "我的电话是幺三八零零零"),
        (Speaker.CALLER, 16.0, "幺二三四五另外路灯不亮我叫李建国"),
        GOODBYE,
    ]
    taken(city, number, replace(complete_draft(), occurred_at=city.context.now()))
    Checker(city.context).check_due()
    with city.context.reading() as session:
        (one,) = finding_page(session, city.supervisor, Wanted(Kind.MATTER_MISSING)).listed
        assert Reader().shown(one.finding, one.recording, True).words == "另外路灯不亮我叫李建国"
        assert Reader().shown(one.finding, one.recording, False).words == "另外路灯不亮我叫某"


def test_a_place_is_masked_as_a_value_too(city: City) -> None:
    taken(city)
    Checker(city.context).check_due()
    with city.context.reading() as session:
        (one,) = finding_page(session, city.supervisor, Wanted(Kind.PLACE_MISSING)).listed
        seen = Reader().shown(one.finding, one.recording, False)
        assert (seen.words, seen.value) == ("同安路〔门牌〕", "同安路〔门牌〕")


def test_with_the_text_goes_what_findings_hold_of_it(city: City, clock: FixedClock) -> None:
    taken(city)
    Checker(city.context).check_due()
    answer(city.context.acting_as(city.reviewer), kept(city.context)[Kind.PLACE_MISSING].id, Answer.RIGHT)
    clock.advance(days=4000)
    retention.delete_due(city.context)
    with city.context.reading() as session:
        (row,) = session.scalars(select(ReviewFinding)).all()
        assert (row.words, row.value, row.answer) == ("", "", Answer.RIGHT)
        days = timedelta(days=5000)
    assert checking.mark_between(city.context, clock.now() - days, clock.now()) == 0


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (wanted.Wording("一", ["再见"], Where.CLOSING), "name"),
        (wanted.Wording("结束语", ["再见"], Where.CLOSING), "twice"),
        (wanted.Wording("新的", [" ", ""], Where.CLOSING), "phrases"),
        (wanted.Wording("新的", ["好"], Where.CLOSING), "phrases"),
        (wanted.Wording("新的", ["再见"], Where.CLOSING, language="xx"), "language"),
    ],
)
def test_a_sentence_that_cannot_be_looked_for_is_refused(
    city: City, wording: wanted.Wording, field: str
) -> None:
    with pytest.raises(wanted.SentenceRefused) as refused:
        wanted.add_sentence(city.context.acting_as(city.supervisor), wording)
    assert refused.value.field == field
    with pytest.raises(NotPermitted):
        wanted.add_sentence(city.context.acting_as(city.agent), wording)
    with city.context.reading() as session:
        assert session.scalar(select(func.count()).select_from(wanted.RequiredSentence)) == 3
