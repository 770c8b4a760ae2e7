"""Files of a department: attached, counted, taken back, never of others."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.evidence.apart import Inspected
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.kinds import Kind
from hotline.evidence.models import Attachment, Purpose
from hotline.evidence.queries import attachments_of, listed
from hotline.evidence.rules import may_open
from hotline.evidence.service import WithdrawalRefused, attach, withdraw
from hotline.evidence.store import Store
from hotline.people.actors import NotPermitted, Role
from hotline.replies.queries import latest_reply
from hotline.replies.service import write_reply
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import City, FixedClock, make_context, user
from tests.integration.units import Units

PHOTO = Inspected("现场.jpg", Kind.JPEG, b"a picture")
PAPER = Inspected("身份证.png", Kind.PNG, b"a paper")


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Nothing here differs between the databases."""
    return make_context(sqlite_database, clock, tmp_path, evidence_files=2)


def add(city: City, ticket_id: int, *files: Inspected, purpose: Purpose = Purpose.HANDLING) -> int:
    attach(city.context.acting_as(city.handler), ticket_id, files, purpose)
    return attached(city, ticket_id)[-1].id


def attached(city: City, ticket_id: int) -> list[Attachment]:
    with city.context.reading() as session:
        return list(attachments_of(session, ticket_id))


def history(city: City, ticket_id: int) -> list[tuple[str, str]]:
    with city.context.reading() as session:
        lines = session.get_one(Ticket, ticket_id).history
        return [(line.event, str(line.changes.get("file", ""))) for line in lines]


def fault(deed: object, *arguments: object) -> Fault:
    with pytest.raises(FileRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.fault


def test_a_file_is_a_row_a_line_of_history_and_bytes_in_the_store(city: City) -> None:
    ticket_id = city.signed()
    add(city, ticket_id, PHOTO, PAPER)
    first, second = attached(city, ticket_id)
    assert (first.name, first.kind, first.size, first.sha256) == ("现场.jpg", "jpeg", 9, PHOTO.sha256)
    assert (second.department_id, second.added_by_id) == (city.water_id, city.handler.user_id)
    assert Store.of(city.context.settings).get(first.sha256) == b"a picture"
    assert history(city, ticket_id)[-2:] == [("evidence_added", "现场.jpg"), ("evidence_added", "身份证.png")]


def test_there_is_a_most_and_nothing_twice(city: City) -> None:
    ticket_id = city.signed()
    third = replace(PHOTO, content=b"another")
    assert fault(add, city, ticket_id, PHOTO, PHOTO) is Fault.ALREADY_THERE
    assert fault(add, city, ticket_id, PHOTO, PAPER, third) is Fault.TOO_MANY
    assert attached(city, ticket_id) == [], "all of them or none"
    withdrawn = add(city, ticket_id, PHOTO)
    assert fault(add, city, ticket_id, PHOTO) is Fault.ALREADY_THERE
    withdraw(city.context.acting_as(city.handler), ticket_id, withdrawn, "拍错了地方")
    add(city, ticket_id, PHOTO, PAPER)
    assert fault(add, city, ticket_id, third) is Fault.TOO_MANY


def test_a_file_that_is_taken_back_stays_with_its_reason(city: City) -> None:
    ticket_id, handling = city.signed(), city.context.acting_as(city.handler)
    photo = add(city, ticket_id, PHOTO)
    with pytest.raises(WithdrawalRefused):
        withdraw(handling, ticket_id, photo, "  ")
    withdraw(handling, ticket_id, photo, "拍错了地方")
    (found,) = attached(city, ticket_id)
    assert (found.is_withdrawn, found.withdrawal_reason) == (True, "拍错了地方")
    assert history(city, ticket_id)[-1] == ("evidence_withdrawn", "现场.jpg")
    assert Store.of(city.context.settings).get(found.sha256) == b"a picture"
    with pytest.raises(WithdrawalRefused):
        withdraw(handling, ticket_id, photo, "again")


def test_files_come_with_the_reply_or_neither_does(city: City) -> None:
    ticket_id, handling = city.signed(), city.context.acting_as(city.handler)
    form = replace(city.reply_form(ticket_id), files=(PHOTO, PHOTO))
    assert fault(write_reply, handling, ticket_id, form) is Fault.ALREADY_THERE
    with city.context.reading() as session:
        assert latest_reply(session, ticket_id) is None
    reply_id = write_reply(handling, ticket_id, replace(form, files=(PHOTO,)))
    assert [(one.reply_id, one.purpose) for one in attached(city, ticket_id)] == [(reply_id, "handling")]


def test_others_attach_nothing_and_take_nothing_back(city: City) -> None:
    units, ticket_id = Units.of(city), city.signed()
    photo = add(city, ticket_id, PHOTO)
    for actor in (units.police_handler, city.leader, city.agent, city.supervisor):
        with pytest.raises(NotPermitted):
            attach(city.context.acting_as(actor), ticket_id, [PAPER], Purpose.HANDLING)
        with pytest.raises(NotPermitted):
            withdraw(city.context.acting_as(actor), ticket_id, photo, "why not")
    other = city.signed("13800005678")
    with pytest.raises(NotPermitted):
        withdraw(city.context.acting_as(city.handler), other, photo, "not of this ticket")
    with pytest.raises(IllegalMove):
        add(city, city.replied("13800009999"), PHOTO)
    assert len(attached(city, ticket_id)) == 1


def test_a_sealed_ticket_takes_no_file_and_opens_none(city: City) -> None:
    ticket_id = city.signed()
    add(city, ticket_id, PHOTO)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        add(city, ticket_id, PAPER)
    with city.context.reading() as session:
        ticket, (photo,) = session.get_one(Ticket, ticket_id), attachments_of(session, ticket_id)
        assert not may_open(city.handler, ticket, photo)
        assert not may_open(city.reviewer, ticket, photo)


def test_where_the_disk_is_full_nothing_is_attached(city: City) -> None:
    ticket_id = city.signed()
    (city.context.settings.evidence_folder).write_text("no folder")
    assert fault(add, city, ticket_id, PHOTO) is Fault.NOT_KEPT
    assert attached(city, ticket_id) == []


def test_who_opens_what(city: City) -> None:
    """Papers and proofs of contact: for those who may know the citizen, and for who brought them."""
    ticket_id = city.signed()
    add(city, ticket_id, PHOTO)
    add(city, ticket_id, PAPER, purpose=Purpose.DOCUMENT)
    auditor = user(city.context, city.hotline_id, Role.AUDITOR)
    people = (city.handler, city.reviewer, city.callback_agent, auditor)

    def opened(attachment: Attachment, ticket: Ticket) -> list[bool]:
        return [may_open(actor, ticket, attachment) for actor in people]

    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        photo, paper = attachments_of(session, ticket_id)
        assert opened(photo, ticket) == [True, True, True, True]
        assert opened(paper, ticket) == [True, True, False, False]
        ticket.confidentiality = Confidentiality.HIDDEN
        assert opened(paper, ticket) == [True, True, False, False]
        paper.department_id = city.police_id
        assert opened(paper, ticket) == [False, True, False, False]
        photo.withdrawn_at = city.context.now()
        assert opened(photo, ticket) == [False, False, False, True]


def test_bytes_of_what_is_refused_are_gone_and_those_of_others_stay(city: City) -> None:
    ticket_id, other = city.signed(), city.signed("13800005678")
    add(city, other, PHOTO)
    units = Units.of(city)
    with pytest.raises(NotPermitted):
        attach(city.context.acting_as(units.police_handler), ticket_id, [PHOTO, PAPER], Purpose.HANDLING)
    form = replace(city.reply_form(ticket_id), files=(PAPER, PAPER))
    assert fault(write_reply, city.context.acting_as(city.handler), ticket_id, form) is Fault.ALREADY_THERE
    kept = city.context.settings.evidence_folder.rglob("*")
    assert [path.name for path in kept if path.is_file()] == [PHOTO.sha256]


def test_the_history_does_not_name_what_shows_the_citizen(city: City) -> None:
    ticket_id = city.signed()
    paper = add(city, ticket_id, replace(PAPER, name="张三身份证.png"), purpose=Purpose.DOCUMENT)
    withdraw(city.context.acting_as(city.handler), ticket_id, paper, "传错了")
    assert history(city, ticket_id)[-2:] == [("evidence_added", "*.png"), ("evidence_withdrawn", "*.png")]
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert [one.name for one in listed(session, city.callback_agent, ticket)] == ["*.png"]
