"""From a call's text to suggestions, and from agents' choices to a trained classifier, on both databases."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.dispatch.catalogue import retire_class
from hotline.dispatch.models import CatalogueRule, Category
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing, add_place
from hotline.people.actors import NotPermitted, Role
from hotline.suggestions.models import Outcome, SuggestionChoice
from hotline.suggestions.places import UNLISTED
from hotline.suggestions.queries import Librarian, suggestions_for
from hotline.suggestions.service import keep_choices, train
from hotline.suggestions.training import LEAST_EXAMPLES, TooFewExamples
from hotline.suggestions.values import Field, Suggestion
from hotline.tickets.models import Question, Ticket
from hotline.tickets.service import Draft, register
from hotline.tickets.states import Channel, Confidentiality, State, TicketType
from tests.factories import City, FixedClock, complete_draft, user
from tests.spoken import transcribed

SAID = ("您好我叫李建国我要投诉市北区同安路六十八号", "昨天晚上起水压太低电话幺三八零零零幺二三四五")


@pytest.fixture
def place(city: City) -> City:
    """The city with a road, a rule of the catalogue, and words for its category."""
    add_missing(
        city.context,
        [Named(PlaceKind.DISTRICT, "市北区"), Named(PlaceKind.ROAD, "同安路", "市北区", "辽源路街道")],
    )
    with city.context.writing() as session:
        session.get_one(Category, "water.pressure").keywords = ["水压"]
        session.add(CatalogueRule(category_code="water.pressure", lead_id=city.water_id))
    return city


def suggested(context: Context, ticket_id: int) -> list[Suggestion]:
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        return suggestions_for(session, context, Librarian(context), ticket)


def test_the_text_of_a_call_fills_the_suggestions(place: City) -> None:
    ticket_id = place.drafted()
    assert suggested(place.context, ticket_id) == []
    transcribed(place.context, ticket_id, SAID)
    found = {s.field: s for s in suggested(place.context, ticket_id)}
    assert found[Field.ADDRESS].value == "同安路68号"
    assert found[Field.ADDRESS].evidence[0].at_s == pytest.approx(0.2 * SAID[0].index("同安路"))
    assert found[Field.CATEGORY].value == "water.pressure"
    assert (found[Field.DEPARTMENT].value, found[Field.DEPARTMENT].note) == ("water", "category")
    assert found[Field.OCCURRED_AT].value == "2020-04-29T20:00"


def test_what_was_added_to_the_gazetteer_is_known_at_once(place: City, clock: FixedClock) -> None:
    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, ["幸福大街八号没水了"])
    librarian = Librarian(place.context)
    with place.context.reading() as session:
        before = suggestions_for(session, place.context, librarian, session.get_one(Ticket, ticket_id))
    assert Field.DISTRICT not in {s.field for s in before}
    assert {s.field: (s.value, s.note) for s in before}[Field.ADDRESS] == ("幸福大街8号", UNLISTED)
    add_place(place.context, Named(PlaceKind.ROAD, "幸福大街", "市北区"))
    with place.context.reading() as session:
        after = suggestions_for(session, place.context, librarian, session.get_one(Ticket, ticket_id))
    told = {s.field: (s.value, s.note) for s in after}
    assert (told[Field.ADDRESS], told[Field.DISTRICT]) == (("幸福大街8号", ""), ("市北区", ""))


def test_open_tickets_of_the_same_house_are_shown(place: City) -> None:
    other = place.drafted("13900000001")
    there = replace(complete_draft(), district="市北区", address="同安路68号")
    number = register(place.context.acting_as(place.agent), other, there)
    sealed = place.drafted("13900000002")
    register(
        place.context.acting_as(place.agent), sealed, replace(there, confidentiality=Confidentiality.SEALED)
    )
    ticket_id = place.drafted("13900000003")
    transcribed(place.context, ticket_id, SAID)
    similar = [s for s in suggested(place.context, ticket_id) if s.field is Field.SIMILAR]
    assert [(s.value, s.note) for s in similar] == [(number, "alike")]


def test_the_same_citizen_with_the_same_matter_is_the_same(place: City) -> None:
    there = replace(complete_draft(), district="市北区", address="同安路68号")
    number = register(place.context.acting_as(place.agent), place.drafted(), there)
    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, SAID)
    similar = [s for s in suggested(place.context, ticket_id) if s.field is Field.SIMILAR]
    assert [(s.value, s.note) for s in similar] == [(number, "same")]


def choices(context: Context) -> dict[Field, SuggestionChoice]:
    with context.reading() as session:
        return {choice.field: choice for choice in session.scalars(select(SuggestionChoice))}


def test_what_became_of_suggestions_is_kept_without_anybody_in_it(place: City) -> None:
    agent = place.context.acting_as(place.agent)
    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, SAID)
    offered = suggested(place.context, ticket_id)
    register(agent, ticket_id, replace(complete_draft(), type=TicketType.HELP, address="同安路68号"))
    assert keep_choices(agent, Librarian(agent), ticket_id, offered) == len(choices(agent))
    kept = choices(agent)
    assert (kept[Field.TYPE].outcome, kept[Field.TYPE].suggested, kept[Field.TYPE].chosen) == (
        Outcome.CHANGED,
        "complaint",
        "help",
    )
    assert kept[Field.CATEGORY].outcome is Outcome.TAKEN
    assert (kept[Field.ADDRESS].outcome, kept[Field.ADDRESS].suggested) == (Outcome.TAKEN, "")
    assert kept[Field.OCCURRED_AT].outcome is Outcome.LEFT
    texts = " ".join(choice.text + choice.suggested + choice.chosen for choice in kept.values())
    for personal in ("李建国", "同安路", "68", "六十八", "幺三八零零零幺二三四五"):
        assert personal not in texts
    assert "水压太低" in kept[Field.TYPE].text


def test_nothing_is_kept_of_a_sealed_ticket(place: City) -> None:
    agent = place.context.acting_as(place.agent)
    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, SAID)
    offered = suggested(place.context, ticket_id)
    register(agent, ticket_id, replace(complete_draft(), confidentiality=Confidentiality.SEALED))
    assert keep_choices(agent, Librarian(agent), ticket_id, offered) == 0
    assert choices(agent) == {}


MATTERS = {
    "water.pressure": (TicketType.COMPLAINT, ("水压太低", "没有水", "自来水发黄", "水管漏水")),
    "heating": (TicketType.HELP, ("暖气不热", "暖气漏水", "供热站没人", "暖气片冰凉")),
}


def with_past(city: City, clock: FixedClock, count: int, shifted: bool = False) -> None:
    """Registered tickets, an hour apart; `shifted` gives each the other's category. Each text once by the
    agent, and then as rows: what is learnt from is what stands in them."""
    agent = city.context.acting_as(city.agent)
    codes, rows = list(MATTERS), []
    with city.context.writing() as session:
        if session.get(Category, "heating") is None:
            session.add(Category(code="heating", name_zh="供暖", name_en="Heating"))
    for number in range(count):
        code = codes[number % 2]
        kind, texts = MATTERS[codes[(number + shifted) % 2]]
        text = texts[number // 2 % 4]
        if number < 2 * len(texts):
            draft = Draft(kind, code, description=text, demands=["处理一下"], district="市北区")
            register(agent, city.drafted(), draft)
        else:
            rows.append(registered_before(clock.now(), kind, code, text))
        clock.advance(hours=1)
    with city.context.writing() as session:
        session.add_all(rows)


def registered_before(at: datetime, kind: TicketType, code: str, text: str) -> Ticket:
    return Ticket(
        contact=Contact(channel=Channel.PHONE, source_ref=f"past-{at.isoformat()}", received_at=at),
        number=f"{at:%Y%m%d%H}",
        state=State.REGISTERED,
        channel=Channel.PHONE,
        type=kind,
        category_code=code,
        description=text,
        questions=[Question(position=1, text="处理一下")],
        district="市北区",
        received_at=at,
        registered_at=at,
    )


def test_training_from_past_tickets(place: City, clock: FixedClock) -> None:
    with_past(place, clock, LEAST_EXAMPLES)
    training = train(place.context)
    assert not training.kept_old
    assert (training.learnt_from, training.examined_on) == (40, 10)
    assert training.examination.overall == 1.0
    text = training.report.read_text("utf-8")
    assert "100.0% right" in text
    assert "| heating | 5 |" in text

    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, ["家里暖起步热"])
    assert {s.field: s.value for s in suggested(place.context, ticket_id)}[Field.CATEGORY] == "heating"


def test_too_few_tickets_train_nothing(place: City, clock: FixedClock) -> None:
    with_past(place, clock, LEAST_EXAMPLES - 1)
    with pytest.raises(TooFewExamples):
        train(place.context)
    assert not place.context.settings.classifier.exists()


def test_sealed_tickets_are_not_learnt_from(place: City, clock: FixedClock) -> None:
    with_past(place, clock, LEAST_EXAMPLES)
    with place.context.writing() as session:
        for ticket in session.scalars(select(Ticket)):
            ticket.confidentiality = Confidentiality.SEALED
    with pytest.raises(TooFewExamples):
        train(place.context)


def test_a_worse_classifier_does_not_take_the_place_of_a_better(place: City, clock: FixedClock) -> None:
    with_past(place, clock, LEAST_EXAMPLES)
    train(place.context)
    before = place.context.settings.classifier.read_bytes()
    with_past(place, clock, 100, shifted=True)  # somebody fell asleep over these
    with_past(place, clock, 40)
    training = train(place.context)
    assert training.kept_old
    assert training.old is not None
    assert training.examination.overall < training.old.overall
    assert place.context.settings.classifier.read_bytes() == before
    assert "the old classifier stays" in training.report.read_text("utf-8")


def test_a_changed_file_is_not_used(place: City, clock: FixedClock) -> None:
    with_past(place, clock, LEAST_EXAMPLES)
    train(place.context)
    path = place.context.settings.classifier
    path.write_bytes(path.read_bytes()[:-1])
    with place.context.reading() as session:
        assert Librarian(place.context).knowledge(session).classifier is None


def test_an_agent_may_not_train(place: City) -> None:
    with pytest.raises(NotPermitted):
        train(place.context.acting_as(place.agent))


def test_a_retired_class_is_not_suggested(place: City) -> None:
    ticket_id = place.drafted()
    transcribed(place.context, ticket_id, SAID)
    editor = user(place.context, place.hotline_id, Role.ADMINISTRATOR)
    retire_class(place.context.acting_as(editor), "water.pressure", "并入供水")
    fields = {one.field for one in suggested(place.context, ticket_id)}
    assert Field.ADDRESS in fields
    assert fields.isdisjoint({Field.CATEGORY, Field.DEPARTMENT})
