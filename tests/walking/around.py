"""What citizens, supervisors and leaders do beside the handling; what the sweep does; and time."""

from datetime import timedelta

from hotline.appeals import service as appeals
from hotline.appeals.exceptional import ExceptionalForm, ExceptionalGround, reopen_archived
from hotline.appeals.models import AppealKind
from hotline.appeals.ordered import ORDERERS, reopen_on_order
from hotline.appeals.rules import kinds_for
from hotline.archiving.service import archive_due
from hotline.citizens import deeds
from hotline.dispatch.service import sign_overdue
from hotline.follow_up import service as follow_up
from hotline.incidents import groups
from hotline.merging.service import ask_the_rest
from hotline.people.actors import Role
from hotline.questions.service import go_on_unanswered
from hotline.rechecks import service as rechecks
from hotline.referrals.service import tell_overdue
from hotline.screening.asking import close_unanswered
from hotline.supervision import alarms, watching
from hotline.supervision import service as supervision
from hotline.supervision.instructions import InstructionForm, instruct, report_back
from hotline.supervision.models import Instruction
from hotline.supervision.rules import Kind, Level
from hotline.suspension.service import resume_due
from hotline.tickets.states import State
from tests.walking.acting import Acting, Move, move
from tests.walking.checks import WITH_A_UNIT

SPANS = (
    timedelta(minutes=5),
    timedelta(minutes=12),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=8),
    timedelta(days=31),
)


def remind(a: Acting) -> None:
    deeds.remind(a.context, a.number())


def supplement(a: Acting) -> None:
    deeds.supplement(a.context, a.number(), a.words("补充"))


def rate(a: Acting) -> None:
    deeds.rate(a.context, a.number(), a.says(), a.pick((1, 3, 5, None)), "")


def withdraw(a: Acting) -> None:
    deeds.withdraw(a.context, a.number(), a.words("自己解决了"))


def ask_to_withdraw(a: Acting) -> None:
    deeds.ask_to_withdraw(a.context, a.number(), a.words("不想办了"))


def ask_to_reopen(a: Acting) -> None:
    deeds.ask_to_reopen(a.context, a.number(), a.pick(deeds.ENDED_WRONGLY), a.words("又停水了"))


def object_to_refusal(a: Acting) -> None:
    deeds.object_to_refusal(a.context, a.number(), a.words("应当受理"))


def write_appeal_down(a: Acting) -> None:
    kinds = kinds_for(a.town.state_of(a.ticket_id)) or list(AppealKind)
    appeals.write_down(a.context, a.ticket_id, a.pick(kinds), a.words("来电要求"))


def check_withdrawal(a: Acting) -> None:
    appeals.check(a.context, a.ticket_id, a.pick(list(appeals.Found)), a.words("自己决定"))


def decide_appeal(a: Acting) -> None:
    appeals.decide(a.context, a.ticket_id, a.says(), a.words("看过了"))


def out_of_archive(a: Acting) -> None:
    form = ExceptionalForm(a.pick(list(ExceptionalGround)), a.words("法终 12 号"), "判决要求")
    reopen_archived(a.context, a.ticket_id, form)


def take_up_on_order(a: Acting) -> None:
    reopen_on_order(a.context, a.ticket_id, a.words("审计发现没有解决"))


def take_up_again(a: Acting) -> None:
    deeds.take_up_again(a.context, a.number())


def propose_notice(a: Acting) -> None:
    supervision.propose(a.context, a.ticket_id, a.words("久拖不决"))


def decide_notice(a: Acting) -> None:
    supervision.decide(a.context, a.ticket_id, a.says(), a.words("暂不督办"))


def order_supervision(a: Acting) -> None:
    level = a.pick((Level.L3, Level.L5, Level.L6))
    supervision.order(a.context, a.ticket_id, level, a.pick(list(Kind), 2), a.words("专项督办"))


def answer_notice(a: Acting) -> None:
    supervision.answer(a.context, a.ticket_id, a.words("已整改"))


def conclude_notice(a: Acting) -> None:
    supervision.conclude(a.context, a.ticket_id, a.says(), a.words("整改到位"))


def instruct_it(a: Acting) -> None:
    today = a.context.now().astimezone(a.context.settings.zone).date()
    due_on = a.pick((None, today + timedelta(days=1), today + timedelta(days=9)))
    instruct(a.context, a.ticket_id, InstructionForm("李市长", a.words("请尽快解决"), today, due_on))


def report_instruction(a: Acting) -> None:
    waiting = a.latest(Instruction, Instruction.fed_back_at.is_(None))
    report_back(a.context, a.ticket_id, waiting, a.words("已解决"))


def sweep_signs(a: Acting) -> None:
    sign_overdue(a.context)


def sweep_resumes(a: Acting) -> None:
    resume_due(a.context)


def sweep_dials(a: Acting) -> None:
    follow_up.dial_due(a.context, a.town.telephone)


def sweep_gives_up(a: Acting) -> None:
    follow_up.give_up_lost_calls(a.context)


def sweep_closes_unanswered(a: Acting) -> None:
    close_unanswered(a.context)


def sweep_goes_on(a: Acting) -> None:
    go_on_unanswered(a.context)


def sweep_asks_the_rest(a: Acting) -> None:
    ask_the_rest(a.context)


def sweep_misses_receipts(a: Acting) -> None:
    tell_overdue(a.context)


def sweep_tells_late(a: Acting) -> None:
    alarms.tell_late(a.context)


def sweep_rechecks(a: Acting) -> None:
    rechecks.tell_due(a.context)


def sweep_groups(a: Acting) -> None:
    groups.watch(a.context)


def sweep_watches(a: Acting) -> None:
    watching.watch(a.context)


def sweep_archives(a: Acting) -> None:
    archive_due(a.context)


def wait(a: Acting) -> None:
    a.town.clock.advance(seconds=a.pick(SPANS).total_seconds())


_APPEALED = [State.DISPATCHED, State.HANDLING, State.CLOSED, State.NOT_ACCEPTED]
SUPERVISED = [State.REGISTERED, State.TO_DISPATCH, *WITH_A_UNIT]

AROUND: tuple[Move, ...] = (
    move([State.REGISTERED, State.TO_DISPATCH, *WITH_A_UNIT, State.MERGED], [Role.CITIZEN], remind),
    move([State.REGISTERED, State.NEED_INFO, State.NEED_INFO_UNIT, *WITH_A_UNIT], [Role.CITIZEN], supplement),
    move([State.CALLBACK, State.MERGED], [Role.CITIZEN], rate),
    move([State.REGISTERED, State.TO_DISPATCH], [Role.CITIZEN], withdraw),
    move([State.WITHDRAWN], [Role.CITIZEN], take_up_again),
    move([State.DISPATCHED, State.HANDLING], [Role.CITIZEN], ask_to_withdraw),
    move([State.CLOSED], [Role.CITIZEN], ask_to_reopen),
    move([State.NOT_ACCEPTED], [Role.CITIZEN], object_to_refusal),
    move(_APPEALED, [Role.AGENT, Role.CALLBACK_AGENT], write_appeal_down),
    move([State.DISPATCHED, State.HANDLING], [Role.CALLBACK_AGENT], check_withdrawal, "appealed"),
    move(_APPEALED, [Role.SUPERVISOR], decide_appeal, "appealed"),
    move([State.CLOSED], ORDERERS, take_up_on_order),
    move([State.ARCHIVED], [Role.DIRECTOR], out_of_archive),
    move(WITH_A_UNIT, [Role.REVIEWER, Role.SUPERVISOR], propose_notice),
    move(WITH_A_UNIT, [Role.DIRECTOR], decide_notice, "supervised"),
    move(WITH_A_UNIT, [Role.DIRECTOR], order_supervision),
    move(WITH_A_UNIT, [Role.UNIT_REVIEWER], answer_notice, "supervised"),
    move(WITH_A_UNIT, [Role.SUPERVISOR, Role.DIRECTOR], conclude_notice, "supervised"),
    move(SUPERVISED, [Role.LEADER, Role.SUPERVISOR, Role.DIRECTOR], instruct_it),
    move(SUPERVISED, [Role.SUPERVISOR, Role.DIRECTOR], report_instruction, "instructed"),
)

SWEEPS: tuple[Move, ...] = tuple(
    move((), [Role.SYSTEM], deed)
    for deed in (
        sweep_signs,
        sweep_resumes,
        sweep_dials,
        sweep_gives_up,
        sweep_closes_unanswered,
        sweep_goes_on,
        sweep_misses_receipts,
        sweep_asks_the_rest,
        sweep_watches,
        sweep_tells_late,
        sweep_rechecks,
        sweep_groups,
        sweep_archives,
    )
)
WAIT = move((), [Role.SYSTEM], wait)
