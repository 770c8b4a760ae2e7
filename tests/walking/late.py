"""Moves from dispatch to the end: departments, review, callbacks."""

from datetime import timedelta

from sqlalchemy import select

from hotline.dispatch import returns
from hotline.dispatch.assisting import finish_part
from hotline.dispatch.models import ReturnBasis, ReturnGround
from hotline.dispatch.service import dispatch, sign
from hotline.extensions.models import ExtensionGround
from hotline.extensions.service import ExtensionForm, approve_extension, ask_extension, refuse_extension
from hotline.follow_up import service as follow_up
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp
from hotline.follow_up.rules import Finding
from hotline.people.actors import Role
from hotline.questions import service as questions
from hotline.replies.causes import causes
from hotline.replies.models import ContactWay
from hotline.replies.service import ReplyForm, record_contact, send_back, submit_reply, write_reply
from hotline.replies.visits import VisitForm, record_visit
from hotline.review.rules import Signal
from hotline.review.service import accept_reply, reject_reply
from hotline.suspension.service import (
    SuspensionForm,
    approve_suspension,
    ask_suspension,
    refuse_suspension,
    resume,
)
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.walking.acting import Acting, Move, NothingThere, move
from tests.walking.town import UNITS

ANSWERS = ("水压已恢复，加压泵已更换。", "已派人现场核查并更换阀门，当天恢复供水。", "我们将尽快处理。")


def dispatch_it(a: Acting) -> None:
    """Every third time with a department that assists."""
    assists = [] if a.says() else [a.town.units[a.pick(UNITS, 16)]]
    dispatch(a.context, a.ticket_id, a.town.units[a.pick(UNITS, 4)], assists)


def finish_its_part(a: Acting) -> None:
    finish_part(a.context, a.ticket_id, a.words("已巡查管线"))


def sign_it(a: Acting) -> None:
    sign(a.context, a.ticket_id)


def ask_return(a: Acting) -> None:
    form = returns.ReturnForm(
        ReturnGround.NOT_OUR_REMIT,
        ReturnBasis.DUTY_LIST,
        a.words("职责清单第三条"),
        a.town.units[a.pick(UNITS)],
        "不归我们管",
        field_checked=a.says(),
    )
    returns.request_return(a.context, a.ticket_id, form)


def accept_return(a: Acting) -> None:
    returns.accept_return(a.context, a.ticket_id, a.words("确实不归"))


def reject_return(a: Acting) -> None:
    returns.reject_return(a.context, a.ticket_id, a.words("归你们管"))


def designate(a: Acting) -> None:
    lead_id = a.town.units[a.pick(UNITS)]
    returns.designate(a.context, a.ticket_id, lead_id, a.words("指定主办"), into_catalogue=not a.says())


def contact(a: Acting) -> None:
    record_contact(a.context, a.ticket_id, a.pick(list(ContactWay)), reached=a.says())


def go_there(a: Acting) -> None:
    record_visit(a.context, a.ticket_id, VisitForm(a.context.now(), "供水科 李强", a.words("阀门漏水")))


def write(a: Acting) -> None:
    text = a.pick(ANSWERS)
    with a.context.reading() as session:
        questions_asked = session.get_one(Ticket, a.ticket_id).questions
        answers = {question.id: text for question in questions_asked if a.salt % 7}
    cause = a.pick(("", *(one.code for one in causes())), 2)
    write_reply(a.context, a.ticket_id, ReplyForm(a.words(text), answers, cause=cause))


def send_reply_back(a: Acting) -> None:
    send_back(a.context, a.ticket_id, a.words("请写清楚"))


def submit(a: Acting) -> None:
    submit_reply(a.context, a.ticket_id)


def ask_to_suspend(a: Acting) -> None:
    day = (a.context.now() + timedelta(days=a.salt % 100)).date()
    ask_suspension(a.context, a.ticket_id, SuspensionForm(a.words("等管网改造"), "明年改造", day))


def suspend(a: Acting) -> None:
    approve_suspension(a.context, a.ticket_id, "同意")


def refuse_to_suspend(a: Acting) -> None:
    refuse_suspension(a.context, a.ticket_id, a.words("可以办"))


def resume_it(a: Acting) -> None:
    resume(a.context, a.ticket_id, "条件具备")


def ask_for_time(a: Acting) -> None:
    form = ExtensionForm(ExtensionGround.NEEDS_WORKS, a.salt % 9, a.words("分三步施工"))
    ask_extension(a.context, a.ticket_id, form)


def give_time(a: Acting) -> None:
    approve_extension(a.context, a.ticket_id, "同意")


def refuse_time(a: Acting) -> None:
    refuse_extension(a.context, a.ticket_id, a.words("不同意"))


def unit_asks(a: Acting) -> None:
    questions.ask(a.context, a.ticket_id, a.words("几点没有水？"))


def unit_is_answered(a: Acting) -> None:
    questions.answer(a.context, a.ticket_id, a.words("晚上七点"))


def accept_the_reply(a: Acting) -> None:
    accept_reply(a.context, a.ticket_id, judged=dict.fromkeys(Signal, not a.says()))


def reject_the_reply(a: Acting) -> None:
    reject_reply(a.context, a.ticket_id, a.words("没有联系市民"), judged=dict.fromkeys(Signal, a.says()))


def call_by_hand(a: Acting) -> None:
    satisfaction = a.pick((1, 2, 3, 4, 5, None))
    follow_up.record_by_hand(a.context, a.follow_up(), a.says(), satisfaction)


def find_cause(a: Acting) -> None:
    finding = a.pick((Finding.SUBJECTIVE, Finding.OBJECTIVE))
    follow_up.find(a.context, a.follow_up(), finding, a.words("查明"))


def citizen_answers(a: Acting) -> None:
    solved = a.pick((True, True, False, None))
    follow_up.record_answers(a.context, _open_attempt(a), solved, a.pick((1, 4, None)) if solved else None)


def citizen_is_not_reached(a: Acting) -> None:
    outcome = a.pick((AttemptOutcome.NO_ANSWER, AttemptOutcome.BUSY, AttemptOutcome.FAILED))
    follow_up.attempt_ended(a.context, _open_attempt(a), outcome)


def _open_attempt(a: Acting) -> int:
    query = select(Attempt.id).join(FollowUp).where(FollowUp.ticket_id == a.ticket_id)
    with a.context.reading() as session:
        found = session.scalars(query.where(Attempt.outcome.is_(None)).order_by(Attempt.id)).first()
    if found is None:
        raise NothingThere("nobody is on the line")
    return found


def redispatch(a: Acting) -> None:
    follow_up.redispatch(a.context, a.ticket_id, a.words("重办"))


JUDGES = [Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR]

LATE: tuple[Move, ...] = (
    move([State.TO_DISPATCH], [Role.DISPATCHER], dispatch_it),
    move([State.DISPATCHED, State.HANDLING], [Role.HANDLER], finish_its_part, "assists", by_others=True),
    move([State.DISPATCHED], [Role.HANDLER], sign_it),
    move([State.DISPATCHED, State.HANDLING], [Role.UNIT_REVIEWER], ask_return),
    move([State.RETURN_PENDING], JUDGES, accept_return),
    move([State.RETURN_PENDING], JUDGES, reject_return),
    move([State.RETURN_PENDING], [Role.SUPERVISOR, Role.DIRECTOR], designate),
    move([State.HANDLING], [Role.HANDLER], contact),
    move([State.HANDLING], [Role.HANDLER], go_there),
    move([State.HANDLING], [Role.HANDLER], write),
    move([State.HANDLING], [Role.UNIT_REVIEWER], send_reply_back, "drafted"),
    move([State.HANDLING], [Role.UNIT_REVIEWER], submit, "drafted"),
    move([State.HANDLING], [Role.UNIT_REVIEWER], ask_to_suspend),
    move([State.HANDLING], [Role.SUPERVISOR], suspend, "to_suspend"),
    move([State.HANDLING], [Role.SUPERVISOR], refuse_to_suspend, "to_suspend"),
    move([State.SUSPENDED], [Role.HANDLER], resume_it),
    move([State.HANDLING], [Role.UNIT_REVIEWER], ask_for_time),
    move([State.HANDLING], [*JUDGES, Role.LEADER], give_time, "more_time"),
    move([State.HANDLING], [*JUDGES, Role.LEADER], refuse_time, "more_time"),
    move([State.HANDLING], [Role.HANDLER], unit_asks),
    move([State.NEED_INFO_UNIT], [Role.AGENT, Role.CITIZEN], unit_is_answered),
    move([State.REPLIED], [Role.REVIEWER], accept_the_reply),
    move([State.REPLIED], [Role.REVIEWER], reject_the_reply),
    move([State.CALLBACK, State.MERGED], [Role.CALLBACK_AGENT], call_by_hand, "owed"),
    move([State.CALLBACK, State.MERGED], [Role.CALLBACK_AGENT], find_cause, "owed"),
    move([State.CALLBACK, State.MERGED], [Role.SYSTEM], citizen_answers, "on_line"),
    move([State.CALLBACK, State.MERGED], [Role.SYSTEM], citizen_is_not_reached, "on_line"),
    move([State.REWORK], [Role.SUPERVISOR], redispatch),
)
