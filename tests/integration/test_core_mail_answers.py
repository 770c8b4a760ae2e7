"""Who answers one of our letters has it joined to the ticket of which we wrote, over real IMAP and SMTP."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.citizens.queries import added_to
from hotline.contacts.models import LetterFault, MailLetter
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.service import dispatch, sign
from hotline.evidence.enclosures import enclosures_of
from hotline.intake.queries import written_on_the_web
from hotline.mailbox.queries import set_aside
from hotline.mailbox.service import fetch_due
from hotline.outbox.sending import send_due
from hotline.questions import service as questions
from hotline.screening import asking
from hotline.screening.service import Screened, accept
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.service import register
from hotline.tickets.states import Confidentiality, State, Urgency
from tests.evidence_files import photograph
from tests.factories import City, FixedClock, complete_draft, make_context
from tests.imap_server import Letters, imap_server
from tests.integration.test_core_mailbox import settings_of
from tests.integration.test_core_outbox import sending_by
from tests.smtp_server import Post, smtp_server

CITIZEN = "Li@example.com"


class Mails:
    """A citizen's mail program, and both of the hotline's processes."""

    def __init__(self, context: Context, clock: FixedClock, box: Letters, post: Post) -> None:
        self.context, self.clock, self.box, self.post = context, clock, box, post
        self.city = City.founded(context)
        self._sent = 0

    def write(self, text: str, sender: str = CITIZEN, photo: bool = False, **heads: str) -> None:
        """A letter comes and is read; what is owed goes out."""
        self._sent += 1
        letter = EmailMessage()
        letter["From"], letter["Message-ID"] = sender, f"<{self._sent}@example.com>"
        for name, value in {"Subject": "路灯", **heads}.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        if photo:
            letter.add_attachment(photograph(), maintype="image", subtype="jpeg", filename="a.jpg")
        self.box.put(letter.as_bytes())
        self.go_on()

    def go_on(self) -> None:
        """Both look once more."""
        self.clock.advance(minutes=1)
        fetch_due(self.context)
        send_due(self.context)

    def answer(self, text: str, which: int = -1, **more: object) -> None:
        """To a letter of ours, the last."""
        ours = self.post.letters[which]
        self.write(text, In_Reply_To=ours["Message-ID"], **more)  # type: ignore[arg-type]

    def first(self) -> int:
        """Written, registered, its receipt sent. Returns the ticket's id."""
        self.write("路灯不亮")
        with self.context.reading() as session:
            (ticket_id,) = session.scalars(select(Ticket.id))
        register(self.context.acting_as(self.city.agent), ticket_id, complete_draft())
        return ticket_id

    def handled(self) -> int:
        """A department has it."""
        ticket_id = self.first()
        accept(self.context.acting_as(self.city.screener), ticket_id, Screened(urgency=Urgency.NORMAL))
        dispatch(self.context.acting_as(self.city.dispatcher), ticket_id, self.city.water_id)
        sign(self.context.acting_as(self.city.handler), ticket_id)
        return ticket_id

    def last_line(self, ticket_id: int) -> HistoryLine:
        """Of the ticket's history, letters of ours left out."""
        with self.context.reading() as session:
            history = session.get_one(Ticket, ticket_id).history
            return [line for line in history if line.event != "mail_sent"][-1]

    def tickets(self) -> int:
        """How many there are."""
        with self.context.reading() as session:
            return len(session.scalars(select(Ticket.id)).all())


@pytest.fixture
def mails(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Iterator[Mails]:
    box, post = Letters(), Post()
    with imap_server(box) as imap_port, smtp_server(post) as smtp_port:
        given = {**settings_of(imap_port, tmp_path), **sending_by(smtp_port, tmp_path)}
        yield Mails(make_context(sqlite_database, clock, tmp_path, **given), clock, box, post)


def test_an_answer_is_a_supplement_with_its_photograph(mails: Mails) -> None:
    ticket_id = mails.handled()
    mails.answer(
        "还在五楼\n\n> 编号 x\n> 12345@city.example", sender="=?utf-8?q?Li?= <li@EXAMPLE.com>", photo=True
    )
    line = mails.last_line(ticket_id)
    assert (line.event, line.reason, line.changes) == ("supplemented", "还在五楼", {"way": "mail"})
    assert line.actor_roles == "citizen"
    mails.box.validity += 1  # the server has made its box anew: all of it is read again
    mails.go_on()
    assert mails.last_line(ticket_id).id == line.id
    assert mails.tickets() == 1
    assert len(mails.post.letters) == 1  # nothing answers an answer
    with mails.context.reading() as session:
        assert len(enclosures_of(session, ticket_id)) == 1
        kept = session.scalars(select(MailLetter).order_by(MailLetter.id)).all()[-1]
        assert (kept.answered_id, kept.contact_id, kept.subject) == (ticket_id, None, "")


def test_what_was_asked_is_answered_by_mail(mails: Mails) -> None:
    ticket_id = mails.first()
    asking.ask(mails.context.acting_as(mails.city.screener), ticket_id, "是哪一个路口？")
    mails.go_on()
    mails.answer("谢谢", which=0)  # of the receipt: no answer
    assert mails.last_line(ticket_id).event == "supplemented"
    quoted = "".join(f"> {line}\n" for line in mails.post.letters[-1].get_content().splitlines())
    mails.answer(f"东头\n\n在 2020-05-04，12345 <12345@city.example> 写道：\n{quoted}")
    line = mails.last_line(ticket_id)
    assert (line.event, line.to_state) == ("info_received", State.REGISTERED)
    assert line.changes == {"supplement": "东头", "way": "mail"}


def test_what_a_department_asked_is_answered_by_mail(mails: Mails) -> None:
    ticket_id = mails.handled()
    questions.ask(mails.context.acting_as(mails.city.handler), ticket_id, "几楼？")
    mails.go_on()
    mails.answer("五楼" * 2000)
    line = mails.last_line(ticket_id)
    assert (line.event, line.to_state) == ("info_received", State.HANDLING)
    facts = {name: line.changes[name] for name in ("supplement", "way", "is_cut")}
    assert facts == {"supplement": "五楼" * 1000, "way": "mail", "is_cut": True}


def test_a_draft_takes_what_is_added(mails: Mails) -> None:
    mails.write("路灯不亮")
    mails.answer("", photo=True)
    with mails.context.reading() as session:
        (ticket,) = written_on_the_web(session)
        added = added_to(session, [ticket.id])[ticket.id]
        assert [line.reason for line in added] == ["（来信只有附件）"]


@pytest.mark.parametrize(
    ("sender", "heads"),
    [
        ("wu@example.com", {}),
        (CITIZEN, {"Auto_Submitted": "auto-replied"}),
        (CITIZEN, {"In_Reply_To": "<0123456789abcdef0123456789abcdef@city.example>"}),
        (CITIZEN, {"In_Reply_To": "<1@example.com>", "Subject": "Re: {number}"}),
    ],
)
def test_what_does_not_truly_answer_is_a_matter_of_its_own(
    mails: Mails, sender: str, heads: dict[str, str]
) -> None:
    ticket_id = mails.handled()
    before = mails.last_line(ticket_id).id
    with mails.context.reading() as session:
        number = session.get_one(Ticket, ticket_id).number or ""
    named = {"In_Reply_To": mails.post.letters[0]["Message-ID"], **heads}
    mails.write("别的事", sender, **{name: said.format(number=number) for name, said in named.items()})
    assert mails.last_line(ticket_id).id == before
    with mails.context.reading() as session:
        (draft,) = written_on_the_web(session)
        assert draft.contact.letter is not None
        assert draft.contact.letter.answered_id is None


@pytest.mark.parametrize(
    ("level", "named"),
    [(Confidentiality.NORMAL, True), (Confidentiality.HIDDEN, True), (Confidentiality.SEALED, False)],
)
def test_where_nothing_is_added_any_more_a_draft_names_the_old_ticket(
    mails: Mails, level: Confidentiality, named: bool
) -> None:
    ticket_id = mails.first()
    with mails.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.confidentiality = level
        ticket.state = State.CLOSED if level is Confidentiality.NORMAL else ticket.state
    mails.answer("又坏了\n\n> 12345@city.example")
    with mails.context.reading() as session:
        (draft,) = written_on_the_web(session)
        assert draft.contact.letter is not None
        assert draft.contact.letter.answered_id == (ticket_id if named else None)
        assert draft.confidentiality is (level if named else Confidentiality.NORMAL)
        assert draft.description.startswith("路灯\n又坏了")
        assert (">" in draft.description) is not named


def test_an_answer_without_words_of_its_own_is_set_aside(mails: Mails) -> None:
    ticket_id = mails.handled()
    before = mails.last_line(ticket_id).id
    mails.answer("> 12345@city.example\n> 五楼")
    assert mails.last_line(ticket_id).id == before
    with mails.context.reading() as session:
        assert [one.fault for one in set_aside(session)] == [LetterFault.NO_WORDS]
    assert mails.tickets() == 1
