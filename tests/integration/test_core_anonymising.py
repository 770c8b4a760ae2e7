"""After its period nobody is found in a ticket any more, and what statistics count is still there."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, InternalError

from hotline.all_models import Base
from hotline.citizens.deeds import rate, supplement
from hotline.contacts.models import LetterFault, MailLetter
from hotline.context import Context
from hotline.database import Database
from hotline.evidence.apart import Inspected
from hotline.evidence.enclosures import enclosures_of
from hotline.evidence.kinds import Kind
from hotline.evidence.models import Purpose
from hotline.evidence.service import attach
from hotline.evidence.store import Store
from hotline.intake.web import Matter, write
from hotline.retention import anonymising, holds
from hotline.retention.models import AnonymisedEntry, DeletionLogIsAppendOnly, PersonalKind
from hotline.review.service import accept_reply
from hotline.search.tickets import Wanted, tickets
from hotline.suggestions.models import Outcome, SuggestionChoice
from hotline.suggestions.values import Field
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, register, save_draft
from hotline.tickets.states import Confidentiality
from tests.factories import CITIZEN, City, FixedClock, complete_draft, make_context

PHOTO = Inspected("王小明.jpg", Kind.JPEG, b"a picture of Wang Xiaoming")
PAPER = Inspected("欧阳.pdf", Kind.PDF, b"a paper of his")
TELLING = ("王小明", CITIZEN, "幸福路", "欧阳", "13912345678")


@pytest.fixture
def here(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> City:
    """For what does not differ between the databases."""
    return City.founded(make_context(sqlite_database, clock, tmp_path))


def closed(city: City, number: str = CITIZEN) -> int:
    """A whole matter: files, a supplement with a name and a number, a reply, a rating."""
    ticket_id = city.signed(number)
    attach(city.context.acting_as(city.handler), ticket_id, [PAPER], Purpose.DOCUMENT)
    supplement(city.context, number_of(city, ticket_id), "请打欧阳女士的 13912345678", [PHOTO])
    city.reply(ticket_id)
    follow_up(city, ticket_id)
    return ticket_id


def follow_up(city: City, ticket_id: int) -> None:
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    rate(city.context, number_of(city, ticket_id), solved=True, satisfaction=2, words="王小明说很好")


def number_of(city: City, ticket_id: int) -> str:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""


def everything(context: Context) -> str:
    """All values of all tables."""
    with context.reading() as session:
        rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return str(rows)


def found(city: City, words: str) -> list[int]:
    """Tickets that the full-text search knows by these words."""
    with city.context.reading() as session:
        return [hit.ticket.id for hit in tickets(session, city.agent, Wanted(words=words)).hits]


def log(city: City) -> list[tuple[PersonalKind, int | None, int]]:
    with city.context.reading() as session:
        lines = session.scalars(select(AnonymisedEntry).order_by(AnonymisedEntry.id)).all()
        return [(line.kind, line.ticket_id, line.files) for line in lines]


def test_nobody_is_found_any_more_and_statistics_stay(city: City, clock: FixedClock) -> None:
    ticket_id, context = closed(city), city.context
    before = everything(context)
    assert [word for word in TELLING if word not in before] == []
    assert found(city, "幸福路") == [ticket_id]
    clock.advance(days=3648)
    assert anonymising.anonymise_due(context) == 0
    clock.advance(days=3)
    assert anonymising.counts(context)[PersonalKind.TICKET] == 1
    assert [one.number for one in anonymising.due(context, PersonalKind.TICKET)] == [
        number_of(city, ticket_id)
    ]
    assert anonymising.anonymise_due(context) == 1
    after = everything(context)
    assert [word for word in TELLING if word in after] == []
    assert (found(city, "幸福路"), found(city, "早晚没有水")) == ([], [ticket_id])
    assert list(context.settings.evidence_folder.glob("*/*")) == []
    assert log(city) == [(PersonalKind.TICKET, ticket_id, 2)]
    assert anonymising.anonymise_due(context) == 0, "done is done"
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert (ticket.category_code, ticket.district, ticket.satisfaction) == ("water.pressure", "城关区", 2)
        assert ticket.closed_at is not None
        assert ticket.description == "三楼以上早晚没有水。"
        assert ticket.query_code is None
        assert ticket.history[-1].event == "anonymised"


@pytest.mark.parametrize("change", ["UPDATE anonymised_entry SET texts = 0", "DELETE FROM anonymised_entry"])
def test_the_log_is_only_added_to(city: City, clock: FixedClock, change: str) -> None:
    write(city.context, "k", Matter("路灯不亮", place="幸福路 8 号"))
    clock.advance(days=731)
    assert anonymising.anonymise_due(city.context) == 1
    with pytest.raises((DatabaseError, InternalError)), city.context.writing() as session:
        session.execute(text(change))
    with pytest.raises(DeletionLogIsAppendOnly), city.context.writing() as session:
        session.scalars(select(AnonymisedEntry)).one().texts = 0


def test_what_is_held_open_or_not_yet_over_stays(here: City, clock: FixedClock) -> None:
    context, held = here.context, closed(here)
    here.signed("13800005678")  # open: no period runs
    hold_id = holds.hold_ticket(context.acting_as(here.supervisor), held, "法院调取")
    clock.advance(days=4000)
    assert anonymising.counts(context) == dict.fromkeys(anonymising.OF_TICKETS, 0)
    assert anonymising.anonymise_due(context) == 0
    assert "王小明" in everything(context)
    holds.lift(context.acting_as(here.supervisor), hold_id, "已结案")
    assert anonymising.anonymise_due(context) == 1


def test_a_contact_goes_with_the_last_of_its_tickets(here: City, clock: FixedClock) -> None:
    """A split or a second matter of the same call keeps the number that belongs to both."""
    first = closed(here)
    with here.context.writing() as session:
        ticket = session.get_one(Ticket, first)
        other = Ticket(contact=ticket.contact, channel=ticket.channel, received_at=ticket.received_at)
        other.born(here.agent, here.context.now())
        session.add(other)
    clock.advance(days=729)  # neither is over
    save_draft(here.context.acting_as(here.agent), other.id, Draft(description="我叫王小明，还有一件事"))
    days = {"ticket": 1, "file": 0}
    context = make_context(here.context.database, clock, here.context.settings.state_dir, retention_days=days)
    assert anonymising.anonymise_due(context) == 1
    with context.reading() as session:
        contact = session.get_one(Ticket, first).contact
        assert contact.number == CITIZEN
    clock.advance(days=2)
    assert anonymising.anonymise_due(context) == 1
    with context.reading() as session:
        assert session.get_one(Ticket, first).contact.number == ""
        assert session.get_one(Ticket, other.id).description == "我叫某，还有一件事"


def test_what_is_taken_up_after_all_has_new_words_and_is_due_again(here: City, clock: FixedClock) -> None:
    ticket_id = here.drafted()
    clock.advance(days=731)
    assert anonymising.anonymise_due(here.context) == 1
    register(here.context.acting_as(here.agent), ticket_id, complete_draft())
    with here.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).anonymised_at is None


def test_files_may_go_sooner_and_shared_bytes_stay(here: City, clock: FixedClock) -> None:
    first, second = closed(here), here.signed("13800005678")
    attach(here.context.acting_as(here.handler), second, [PAPER], Purpose.HANDLING)
    soon = {"retention_days": {"file": 30}}
    context = make_context(here.context.database, clock, here.context.settings.state_dir, **soon)
    clock.advance(days=31)
    assert anonymising.anonymise_due(context) == 1
    assert log(here) == [(PersonalKind.FILE, first, 1)]
    store = Store.of(context.settings)
    assert store.get(PAPER.sha256) == PAPER.content, "the other ticket has the same file"
    with context.reading() as session:
        assert enclosures_of(session, first) == []
        assert session.get_one(Ticket, first).complainant_name == "王小明"
    assert anonymising.anonymise_due(context) == 0


def test_a_file_that_cannot_be_deleted_leaves_its_ticket_as_it_was(here: City, clock: FixedClock) -> None:
    ticket_id, context = closed(here), here.context
    place = context.settings.evidence_folder / PHOTO.sha256[:2] / PHOTO.sha256
    place.rename(place.with_suffix(".away"))
    place.mkdir()  # no file any more: it cannot be unlinked
    clock.advance(days=3651)
    assert anonymising.anonymise_due(context) == 0
    with context.reading() as session:
        assert session.get_one(Ticket, ticket_id).complainant_name == "王小明"
        assert len(enclosures_of(session, ticket_id)) == 1
    assert log(here) == []
    place.rmdir()
    place.with_suffix(".away").rename(place)
    assert anonymising.anonymise_due(context) == 1
    assert "王小明" not in everything(context)


def test_of_hidden_and_sealed_matters_no_word_stays_and_sealed_ones_are_named_nowhere(
    here: City, clock: FixedClock
) -> None:
    sealed, hidden = closed(here), closed(here, "13800005678")
    with here.context.writing() as session:
        session.get_one(Ticket, sealed).confidentiality = Confidentiality.SEALED
        session.get_one(Ticket, hidden).confidentiality = Confidentiality.HIDDEN
    clock.advance(days=3651)
    assert anonymising.counts(here.context)[PersonalKind.TICKET] == 1
    numbers = [one.number for one in anonymising.due(here.context, PersonalKind.TICKET)]
    assert numbers == [None, number_of(here, hidden)]
    assert anonymising.anonymise_due(here.context) == 2
    with here.context.reading() as session:
        assert [session.get_one(Ticket, one).description for one in (sealed, hidden)] == ["", ""]


def test_what_names_no_ticket_goes_with_the_period_of_tickets(here: City, clock: FixedClock) -> None:
    with here.context.writing() as session:
        choice = SuggestionChoice(
            at=here.context.now(),
            field=Field.TYPE,
            outcome=Outcome.TAKEN,
            confidence=1.0,
            text="路灯不亮",
        )
        letter = {"key": "k", "came_at": here.context.now(), "sender": "wang@example.org"}
        session.add_all([choice, MailLetter(**letter, fault=LetterFault.NO_WORDS)])
    assert anonymising.anonymise_due(here.context) == 0
    clock.advance(days=3651)
    assert [anonymising.anonymise_due(here.context) for _ in range(2)] == [1, 0]
    with here.context.reading() as session:
        assert session.scalars(select(SuggestionChoice)).one().text == ""
        assert session.scalars(select(MailLetter)).one().sender == ""
    assert log(here) == [(PersonalKind.LEFTOVER, None, 0)]
