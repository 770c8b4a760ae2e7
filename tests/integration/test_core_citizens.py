"""Asking by number and code: who is answered, what is told, and how often one may guess."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from hotline.appeals.service import ASKED, REFUSED
from hotline.citizens import guessing
from hotline.citizens.guessing import WRONG_PER_ADDRESS, WRONG_PER_NUMBER, network_of
from hotline.citizens.models import GuessCount
from hotline.citizens.progress import STAGES, STEPS, Progress, Stage, progress_of
from hotline.citizens.reminders import REMINDED, SUPPLEMENTED
from hotline.citizens.service import NoSuchPair, TooManyGuesses, look_up
from hotline.context import Context
from hotline.extensions.models import ExtensionGround
from hotline.extensions.service import ExtensionForm, approve_extension, ask_extension
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import find, record_by_hand
from hotline.people.actors import Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.screening.answering import answer_directly
from hotline.screening.asking import ask
from hotline.screening.refusing import Proposal, agree, propose
from hotline.screening.rules import RefusalCode
from hotline.suspension.queries import suspensions_of
from hotline.suspension.service import SuspensionForm, approve_suspension, ask_suspension
from hotline.sweep import sweep_slowly
from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.models import Ticket
from hotline.tickets.service import save_draft
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import CITIZEN, City, FixedClock, complete_draft, user
from tests.threads import at_once

HOME, LIBRARY = "192.0.2.7", "198.51.100.9"


def pair(context: Context, ticket_id: int) -> tuple[str, str]:
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        return ticket.number or "", ticket.query_code or ""


def told(context: Context, ticket_id: int) -> Progress:
    with context.reading() as session:
        return progress_of(session, session.get_one(Ticket, ticket_id))


def test_number_and_code_open_the_matter_however_they_are_typed(city: City) -> None:
    number, code = pair(city.context, city.registered())
    for typed in ((number, code), (f" {number.lower()} ", f"{code[:4].lower()}-{code[4:]} ")):
        assert look_up(city.context, *typed, HOME) == number


def test_everything_that_does_not_fit_is_answered_alike(city: City) -> None:
    number, code = pair(city.context, city.registered())
    other, _ = pair(city.context, city.registered())
    draft = city.drafted()
    assert pair(city.context, draft) == ("", "")
    for typed in (
        (number, "AAAAAAAA"),
        (number, ""),
        (number, "--------"),
        (other, code),
        (number[:-1], code),
        ("20200430DH9999990", code),
        ("", ""),
        ("", code),
        ("x" * 500, "y" * 500),
        ("%", "_" * 8),
    ):
        with pytest.raises(NoSuchPair) as refused:
            look_up(city.context, *typed, f"{HOME}{len(typed[0])}{typed[1]}")
        assert type(refused.value) is NoSuchPair
        assert refused.value.args == ()


def test_a_number_is_closed_after_five_wrong_codes_also_to_the_right_one(
    city: City, clock: FixedClock
) -> None:
    number, code = pair(city.context, city.registered())
    for n in range(WRONG_PER_NUMBER):
        with pytest.raises(NoSuchPair):
            look_up(city.context, number, "AAAAAAAA", f"192.0.2.{n}")
    with pytest.raises(TooManyGuesses):
        look_up(city.context, number, code, HOME)
    clock.advance(minutes=14)
    with pytest.raises(TooManyGuesses):
        look_up(city.context, number, code, HOME)
    clock.advance(minutes=1)
    assert look_up(city.context, number, code, HOME) == number


def test_an_unknown_number_is_closed_just_so(city: City) -> None:
    """Or the closing itself would tell which numbers there are."""
    for n in range(WRONG_PER_NUMBER):
        with pytest.raises(NoSuchPair) as refused:
            look_up(city.context, "20200430DH9999990", "AAAAAAAA", f"192.0.2.{n}")
        assert type(refused.value) is NoSuchPair
    with pytest.raises(TooManyGuesses):
        look_up(city.context, "20200430DH9999990", "AAAAAAAA", HOME)


def test_an_address_is_closed_after_twenty_and_uses_up_no_number(city: City) -> None:
    number, code = pair(city.context, city.registered())
    for n in range(WRONG_PER_ADDRESS):
        with pytest.raises(NoSuchPair):
            look_up(city.context, f"20200430DH{n:07}", "AAAAAAAA", HOME)
    for _ in range(WRONG_PER_NUMBER):
        with pytest.raises(TooManyGuesses):
            look_up(city.context, number, "AAAAAAAA", HOME)
    assert look_up(city.context, number, code, LIBRARY) == number


def test_right_pairs_are_never_too_many(city: City) -> None:
    number, code = pair(city.context, city.registered())
    for _ in range(WRONG_PER_ADDRESS + 1):
        assert look_up(city.context, number, code, HOME) == number


def test_several_processes_count_together(city: City) -> None:
    """Twelve guesses at once, each with a connection of its own: five are answered."""
    number, _ = pair(city.context, city.registered())

    def guess(n: int) -> type[Exception]:
        try:
            look_up(city.context, number, "AAAAAAAA", f"192.0.2.{n}")
        except NoSuchPair as refused:
            return type(refused)
        raise AssertionError("a wrong code was right")

    found = at_once([lambda n=n: guess(n) for n in range(12)])
    assert found.count(NoSuchPair) == WRONG_PER_NUMBER
    assert found.count(TooManyGuesses) == 12 - WRONG_PER_NUMBER


def test_neither_address_nor_number_is_kept_and_old_counts_go(city: City, clock: FixedClock) -> None:
    number, _ = pair(city.context, city.registered())
    with pytest.raises(NoSuchPair):
        look_up(city.context, number, "AAAAAAAA", HOME)
    with city.context.reading() as session:
        keys = session.scalars(select(GuessCount.key)).all()
    assert len(keys) == 2
    assert not [key for key in keys if number in key or HOME in key]
    assert sweep_slowly(city.context)["guesses"] == 0
    clock.advance(minutes=15)
    assert sweep_slowly(city.context)["guesses"] == 2
    with city.context.reading() as session:
        assert session.scalar(select(func.count()).select_from(GuessCount)) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::1", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_of_an_ipv6_address_the_network_counts(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_windows_are_those_that_the_page_names() -> None:
    assert guessing.WINDOW.total_seconds() == 15 * 60


def test_every_state_has_a_stage_and_every_step_is_a_move() -> None:
    assert set(STAGES) == set(State)
    moves = {row.event for row in TRANSITIONS}
    assert set(STEPS) - moves == {
        "answered_follow_up",
        "enclosed",
        "extension_approved",
        REMINDED,
        SUPPLEMENTED,
        *ASKED.values(),
        *REFUSED.values(),
    }


def test_a_ticket_on_its_way_tells_department_and_time(city: City) -> None:
    ticket_id = city.signed()
    found = told(city.context, ticket_id)
    assert found.stage is Stage.HANDLING
    assert found.department is not None
    assert found.department.name_zh == "水务局"
    assert found.due_at is not None
    assert [step.event for step in found.steps] == ["submit", "accept", "dispatch", "sign"]
    assert [step.department.code for step in found.steps if step.department] == ["water", "water"]


def test_more_time_is_told_with_the_new_limit(city: City, clock: FixedClock) -> None:
    ticket_id = city.signed()
    before = told(city.context, ticket_id)
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    asked = ExtensionForm(ExtensionGround.NEEDS_WORKS, 3, "等水泵到货后更换，已与市民说明")
    ask_extension(city.context.acting_as(city.leader), ticket_id, asked)
    assert told(city.context, ticket_id).due_at == before.due_at
    new_due = approve_extension(city.context.acting_as(city.dispatcher), ticket_id, "同意")
    found = told(city.context, ticket_id)
    assert found.due_at == new_due
    assert [step.event for step in found.steps][-2:] == ["citizen_contacted", "extension_approved"]


def test_what_cannot_be_solved_now_tells_when_it_is_looked_at_again(city: City) -> None:
    ticket_id = city.signed()
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    asked = SuspensionForm("管网要等路段改造", "列入下半年改造", date(2020, 6, 30))
    ask_suspension(city.context.acting_as(city.leader), ticket_id, asked)
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id, "同意")
    found = told(city.context, ticket_id)
    assert (found.stage, found.due_at) == (Stage.ON_HOLD, None)
    with city.context.reading() as session:
        assert [found.review_at] == [one.review_at for one in suspensions_of(session, ticket_id)]
    assert found.review_at is not None
    assert found.steps[-1].event == "suspend"


def test_a_reply_is_told_once_the_hotline_has_accepted_it(city: City) -> None:
    assert told(city.context, city.replied()).reply == ""
    assert told(city.context, city.replied()).stage is Stage.HANDLING
    ticket_id, follow_up_id = city.owed()
    found = told(city.context, ticket_id)
    assert found.stage is Stage.REPLIED
    assert found.reply == "水压已恢复，加压泵已更换。"
    assert found.due_at is None
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, solved=True, satisfaction=2)
    closed = told(city.context, ticket_id)
    assert closed.stage is Stage.CLOSED
    assert [step.event for step in closed.steps][-2:] == ["answered_follow_up", "close"]


def test_a_question_is_told_without_personal_words(city: City) -> None:
    ticket_id = city.registered()
    ask(city.context.acting_as(city.screener), ticket_id, f"请问 {CITIZEN} 这个号码还用吗？")
    found = told(city.context, ticket_id)
    assert found.stage is Stage.QUESTION
    assert found.question.endswith("这个号码还用吗？")
    assert CITIZEN not in found.question


def test_a_refusal_tells_where_to_turn(city: City) -> None:
    ticket_id = city.registered()
    proposal = Proposal(RefusalCode.LEGAL_ROUTE, "《信访工作条例》", "市中级人民法院")
    propose(city.context.acting_as(city.screener), ticket_id, proposal)
    assert told(city.context, ticket_id).reply == ""
    second = user(city.context, city.hotline_id, Role.SCREENER)
    agree(city.context.acting_as(second), ticket_id)
    found = told(city.context, ticket_id)
    assert found.stage is Stage.NOT_ACCEPTED
    assert "市中级人民法院" in found.reply
    assert second.name not in found.reply


def test_what_was_answered_at_once_is_told(city: City) -> None:
    draft = city.drafted()
    save_draft(
        city.context.acting_as(city.agent), draft, replace(complete_draft(), type=TicketType.CONSULTATION)
    )
    answer_directly(city.context.acting_as(city.agent), draft, "社保卡在区政务大厅办理。")
    found = told(city.context, draft)
    assert (found.stage, found.reply) == (Stage.CLOSED, "社保卡在区政务大厅办理。")


def test_a_reply_that_did_not_hold_is_told_no_more(city: City) -> None:
    """Not solved, and handled anew: nobody is told the old answer as the answer."""
    ticket_id, follow_up_id = city.owed()
    agent = city.context.acting_as(city.callback_agent)
    record_by_hand(agent, follow_up_id, solved=False, satisfaction=5)
    find(agent, follow_up_id, Finding.SUBJECTIVE, "没有办好")
    again = told(city.context, ticket_id)
    assert (again.stage, again.reply) == (Stage.HANDLING, "")


@pytest.mark.parametrize("level", [Confidentiality.HIDDEN, Confidentiality.SEALED])
def test_a_confidential_ticket_tells_its_state_alone(level: Confidentiality, city: City) -> None:
    ticket_id, _ = city.owed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = level
    found = told(city.context, ticket_id)
    assert found == Progress(pair(city.context, ticket_id)[0], Stage.REPLIED, is_confidential=True)


def test_who_is_hidden_and_has_no_telephone_reads_the_answer_and_nothing_else(city: City) -> None:
    ticket_id, _ = city.owed(None)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.HIDDEN
    found = told(city.context, ticket_id)
    assert found.reply == "水压已恢复，加压泵已更换。"
    assert replace(found, reply="") == Progress(found.number, found.stage, is_confidential=True)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    assert told(city.context, ticket_id).reply == ""
