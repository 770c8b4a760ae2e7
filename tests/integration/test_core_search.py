"""What was said is found, by whoever may hear it, on both databases."""

import pytest

from hotline.context import Context
from hotline.people.actors import Actor, Role
from hotline.search.queries import said
from hotline.text_index import terms
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.transcripts.models import Speaker
from hotline.transcripts.queries import recordings_of_contact
from hotline.transcripts.service import (
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    register_recording,
    write_segments,
)
from tests.factories import City, user

WORDS = [["我们", 1.0, 1.4, 0.9], ["小区", 1.4, 1.8, 0.9], ["停水", 2.0, 2.5, 0.9], ["三天", 2.5, 3.0, 0.9]]


def heard(city: City, ticket_id: int, *sentences: str, words: list[list[object]] | None = None) -> None:
    """The ticket's call has a transcript, a segment a sentence."""
    context = city.context
    with context.reading() as session:
        linkedid = session.get_one(Ticket, ticket_id).contact.source_ref
    folder = f"2020/04/30/{linkedid}"
    register_recording(context, linkedid, folder, [TrackFile(Speaker.CALLER, f"{folder}/caller.wav", 9.0)])
    claim = claim_recording(context, "test")
    assert claim is not None
    spoken = [SpokenSegment(float(at), at + 2.0, text, words or []) for at, text in enumerate(sentences, 1)]
    assert complete_transcript(context, claim, {claim.tracks[0].track_id: spoken}, "small-zh", "0" * 64)


def found(context: Context, actor: Actor, query: str) -> list[str]:
    with context.reading() as session:
        return [hit.text for hit in said(session, actor, query)]


@pytest.fixture
def told(city: City) -> int:
    ticket_id = city.registered()
    heard(city, ticket_id, "我们小区停水三天", "门口的wifi信号不好", "电话是一三九六四", words=WORDS)
    heard(city, city.registered(), "楼下的油烟太大", "停电三天")
    return ticket_id


# Asked of one transcript: to hear it for each would take longer than all that they ask.
WHAT_IS_FOUND = {
    "停水": ["我们小区停水三天"],
    "小区停水三天": ["我们小区停水三天"],
    "水": ["我们小区停水三天"],
    "天": ["停电三天", "我们小区停水三天"],
    "三天": ["停电三天", "我们小区停水三天"],
    "WIFI信号": ["门口的wifi信号不好"],
    "wif": ["门口的wifi信号不好"],
    "停水 信号": ["我们小区停水三天", "门口的wifi信号不好"],
    "停水 油烟": [],
    "13964": ["电话是一三九六四"],
    "小区三天": [],
    "停 水": ["我们小区停水三天"],
    "地震": [],
    "": [],
    "  '\"*:&|!<->()  ": [],
    "停水' OR '1'='1": [],
}


@pytest.mark.usefixtures("told")
def test_words_find_their_sentences(city: City) -> None:
    answered = {query: sorted(found(city.context, city.agent, query)) for query in WHAT_IS_FOUND}
    assert answered == {query: sorted(texts) for query, texts in WHAT_IS_FOUND.items()}


def test_what_was_said_together_once_is_found_behind_much_that_was_not(city: City) -> None:
    heard(city, city.registered(), "路灯不亮", "井盖坏了")
    heard(city, city.registered(), *["路灯不亮"] * 250)  # more than are looked at first
    heard(city, city.registered(), *["井盖坏了"] * 300)
    assert found(city.context, city.agent, "路灯 井盖") == ["路灯不亮", "井盖坏了"]


def test_a_hit_leads_to_the_second(city: City, told: int) -> None:
    with city.context.reading() as session:
        [hit] = said(session, city.agent, "停水三天")
        ticket = session.get_one(Ticket, told)
    assert (hit.ticket_number, hit.speaker, hit.second) == (ticket.number, Speaker.CALLER, 2.0)


def test_a_sealed_matter_is_found_by_nobody(city: City, told: int) -> None:
    with city.context.writing() as session:
        session.get_one(Ticket, told).confidentiality = Confidentiality.SEALED
    discipline = user(city.context, city.hotline_id, Role.DISCIPLINE)
    for actor in (city.agent, city.supervisor, city.handler, discipline):
        assert found(city.context, actor, "停水") == []


def test_another_sealed_ticket_of_the_same_call_seals_it(city: City, told: int) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, told)
        session.add(
            Ticket(
                channel=ticket.channel,
                contact_id=ticket.contact_id,
                received_at=ticket.received_at,
                confidentiality=Confidentiality.SEALED,
            )
        )
    assert found(city.context, city.agent, "停水") == []


def test_a_department_finds_its_own_unless_the_citizen_is_hidden(city: City) -> None:
    ticket_id = city.signed()
    heard(city, ticket_id, "我们小区停水三天")
    heard(city, city.registered(), "那边也停水了")
    police = user(city.context, city.police_id, Role.HANDLER)
    assert found(city.context, city.handler, "停水") == ["我们小区停水三天"]
    assert found(city.context, police, "停水") == []
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.HIDDEN
    assert found(city.context, city.handler, "停水") == []


def test_drafts_and_people_without_a_role_in_it(city: City, told: int) -> None:
    assert told
    heard(city, city.drafted(), "刚刚停水")
    assert found(city.context, city.agent, "停水") == ["我们小区停水三天"]
    editor = user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR)
    assert found(city.context, editor, "停水") == []


def test_a_text_written_anew_is_found_by_its_new_words_alone(city: City, told: int) -> None:
    with city.context.writing() as session:
        contact_id = session.get_one(Ticket, told).contact_id
        [recording] = recordings_of_contact(session, contact_id)
        write_segments(
            session, recording.id, {recording.tracks[0].id: [SpokenSegment(1, 2, "小区停气三天", [])]}
        )
    assert found(city.context, city.agent, "停水") == []
    assert found(city.context, city.agent, "停气") == ["小区停气三天"]


def test_terms_are_pairs_and_the_last_character() -> None:
    assert terms("停水三天") == ["停水", "水三", "三天", "天"]
    assert terms("停水三天", asked=True) == ["停水", "水三", "三天"]
    assert terms("水", asked=True) == ["水"]
    assert terms("5g信号，Wi-Fi") == ["五", "g", "信号", "号", "wi", "fi"]
