"""Moves from the first word to dispatch: intake, screening, merging, sealing."""

from sqlalchemy import select

from hotline.calls.service import open_call
from hotline.intake import web
from hotline.intake.service import Came, take_in
from hotline.merging.service import merge, reopen_master, unmerge
from hotline.people.actors import Role
from hotline.referrals import emergencies
from hotline.referrals import queries as referral_queries
from hotline.referrals import service as referrals
from hotline.screening import answering, asking, refusing, splitting
from hotline.screening.rules import RefusalCode
from hotline.screening.service import Screened, accept
from hotline.sealing import service as sealing
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, register, save_draft
from hotline.tickets.states import State, TicketTrack, TicketType, Urgency
from tests.walking.acting import Acting, Move, move
from tests.walking.town import CATEGORIES, PHONES

TEXTS = ("三楼以上早晚没有水。", "水发黄有异味。", "路口积水没过脚面。")


def draft_of(a: Acting, whole: bool = True) -> Draft:
    """What is written down; not always all of it."""
    return Draft(
        type=a.pick((TicketType.COMPLAINT, TicketType.CONSULTATION, TicketType.HELP)),
        category_code=a.pick(CATEGORIES) if whole else None,
        description=a.pick(TEXTS),
        demands=["恢复正常", "说明原因"][: 1 + a.salt % 2],
        district="城关区",
        address="幸福路 8 号",
        urgency=a.pick((Urgency.NORMAL, Urgency.URGENT, Urgency.FLASH, Urgency.NORMAL), 2),
    )


def _next(a: Acting) -> str:
    a.town.contacts += 1
    return f"walk-{a.town.contacts}"


def call_in(a: Acting) -> None:
    a.made(open_call(a.context, _next(a), a.pick(PHONES), "12345").ticket_id)


def letter(a: Acting) -> None:
    came = Came("LX", a.context.now())
    a.made(take_in(a.context, _next(a), came, draft_of(a), registering=a.says()).ticket_id)


def web_matter(a: Acting) -> None:
    matter = web.Matter(a.pick(TEXTS), "恢复正常", "幸福路 8 号", a.pick(PHONES) or "", hides=not a.says())
    number = web.write(a.context, _next(a), matter).number
    with a.context.reading() as session:
        a.made(session.scalars(select(Ticket.id).where(Ticket.number == number)).one())


def save(a: Acting) -> None:
    save_draft(a.context, a.ticket_id, draft_of(a, whole=a.says()))


def register_it(a: Acting) -> None:
    register(a.context, a.ticket_id, draft_of(a, whole=a.salt % 7 != 6))


def answer_at_desk(a: Acting) -> None:
    answering.answer_directly(a.context, a.ticket_id, a.words("带身份证"), a.pick(("", "办法")), draft_of(a))


def hand_over(a: Acting) -> None:
    emergencies.hand_over(a.context, a.ticket_id, a.pick(("119", "120", "12345"), 4), a.words("电话告知"))


def emergency_receipt(a: Acting) -> None:
    emergencies.record_receipt(a.context, a.ticket_id, a.words("接警 88"))


def emergency_back(a: Acting) -> None:
    emergencies.take_back(a.context, a.ticket_id, a.words("不是警情"))


_TRACKS = (TicketTrack.TIMELY, TicketTrack.TIMELY, *TicketTrack)


def accept_it(a: Acting) -> None:
    urgency = a.pick((None, Urgency.NORMAL, Urgency.URGENT, Urgency.FLASH))
    track = a.pick(_TRACKS, 4)
    kind = a.pick((TicketType.COMPLAINT, TicketType.HELP), 16)
    accept(a.context, a.ticket_id, Screened(urgency, track, kind, a.pick(CATEGORIES, 8)))


def ask_citizen(a: Acting) -> None:
    asking.ask(a.context, a.ticket_id, a.words("哪一栋楼？"))


def ask_again(a: Acting) -> None:
    asking.ask_again(a.context, a.ticket_id, a.words("还是哪一栋楼？"))


def write_answer(a: Acting) -> None:
    asking.write_answer(a.context, a.ticket_id, a.words("三号楼"))


def propose_refusal(a: Acting) -> None:
    proposal = refusing.Proposal(a.pick(list(RefusalCode)), a.words("条例"), "法院", "不归我们管")
    refusing.propose(a.context, a.ticket_id, proposal)


def agree_to_refusal(a: Acting) -> None:
    refusing.agree(a.context, a.ticket_id, "同意")


def dispute_refusal(a: Acting) -> None:
    refusing.disagree(a.context, a.ticket_id, a.words("应当受理"))


def uphold_refusal(a: Acting) -> None:
    refusing.uphold(a.context, a.ticket_id, a.words("维持"))


def drop_refusal(a: Acting) -> None:
    refusing.drop(a.context, a.ticket_id, a.words("受理"))


def tell_refusal(a: Acting) -> None:
    refusing.record_told(a.context, a.ticket_id)


def hear_objection(a: Acting) -> None:
    refusing.hear_objection(a.context, a.ticket_id, a.says(), a.words("复核"))


def split_off(a: Acting) -> None:
    part = splitting.Part(a.pick(TEXTS, 2), a.pick(CATEGORIES), TicketType.HELP, demands=["另外一件"])
    number = splitting.split(a.context, a.ticket_id, part).number
    with a.context.reading() as session:
        a.made(session.scalars(select(Ticket.id).where(Ticket.number == number)).one())


def merge_it(a: Acting) -> None:
    master_id = a.pick(a.town.tickets)
    with a.context.reading() as session:
        number = session.scalars(select(Ticket.number).where(Ticket.id == master_id)).one()
    merge(a.context, a.ticket_id, number or "none")


def take_out(a: Acting) -> None:
    unmerge(a.context, a.ticket_id, a.words("是另一件事"))


def reopen_for_child(a: Acting) -> None:
    reopen_master(a.context, a.ticket_id, a.words("另一位市民说没有解决"))


def refer_lead(a: Acting) -> None:
    sealing.refer_lead(a.context, a.ticket_id)


def receipt_of_lead(a: Acting) -> None:
    sealing.record_receipt(a.context, a.ticket_id, a.words("纪收 12"))


def send_lead_back(a: Acting) -> None:
    sealing.send_back(a.context, a.ticket_id, a.words("不是线索"))


def refer_it(a: Acting) -> None:
    with a.context.reading() as session:
        to, body = a.pick(referral_queries.possible_bodies(session), 3)
        body_id = body.id
    referrals.refer(a.context, a.ticket_id, to, body_id, a.words("按渠道办理"))


def take_referral(a: Acting) -> None:
    referrals.take(a.context, a.ticket_id, a.words("信收 3"))


def report_result(a: Acting) -> None:
    referrals.report_result(a.context, a.ticket_id, a.words("已督促整改"))


def send_referral_back(a: Acting) -> None:
    referrals.send_back(a.context, a.ticket_id, a.words("不属信访"))


def answer_backoffice(a: Acting) -> None:
    answering.answer_backoffice(a.context, a.ticket_id, a.words("到窗口办理"), a.words("办法"))


def review_answer(a: Acting) -> None:
    answering.review_answer(a.context, a.ticket_id, a.salt % 2 == 0, a.words("答非所问"))


def reopen_wrong(a: Acting) -> None:
    answering.reopen_wrong(a.context, a.ticket_id, a.words("重新办理"))


_TAKERS = [Role.PETITION_OFFICE, Role.MEDIA_SCREENER, Role.SCREENER]

EARLY: tuple[Move, ...] = (
    move((), [Role.SYSTEM], call_in),
    move((), [Role.AGENT], letter),
    move((), [Role.CITIZEN], web_matter),
    move([State.DRAFT], [Role.AGENT], save),
    move([State.DRAFT], [Role.AGENT], register_it),
    move([State.DRAFT], [Role.AGENT], answer_at_desk),
    move([State.DRAFT], [Role.AGENT], hand_over),
    move([State.TRANSFERRED], [Role.SCREENER], emergency_receipt),
    move([State.TRANSFERRED], [Role.SCREENER], emergency_back),
    move([State.REGISTERED], [Role.SCREENER], accept_it),
    move([State.REGISTERED], [Role.SCREENER], ask_citizen),
    move([State.NEED_INFO], [Role.SCREENER, Role.AGENT, Role.CALLBACK_AGENT], ask_again, "asked"),
    move([State.NEED_INFO], [Role.AGENT, Role.CALLBACK_AGENT, Role.CITIZEN], write_answer, "asked"),
    move([State.REGISTERED], [Role.SCREENER], propose_refusal),
    move([State.REGISTERED], [Role.SCREENER], agree_to_refusal, "refusals"),
    move([State.REGISTERED], [Role.SCREENER], dispute_refusal, "refusals"),
    move([State.REGISTERED], [Role.SUPERVISOR], uphold_refusal, "refusals"),
    move([State.REGISTERED], [Role.SUPERVISOR], drop_refusal, "refusals"),
    move([State.NOT_ACCEPTED], [Role.AGENT, Role.CALLBACK_AGENT], tell_refusal),
    move([State.NOT_ACCEPTED], [Role.SUPERVISOR], hear_objection),
    move([State.REGISTERED], [Role.SCREENER, Role.AGENT], split_off),
    move([State.REGISTERED], [Role.SCREENER], merge_it),
    move([State.MERGED], [Role.SUPERVISOR], take_out),
    move([State.MERGED], [Role.SUPERVISOR], reopen_for_child),
    move([State.REGISTERED], [Role.SCREENER], refer_lead),
    move([State.TRANSFERRED], [Role.DISCIPLINE], receipt_of_lead),
    move([State.TRANSFERRED], [Role.DISCIPLINE], send_lead_back),
    move([State.REGISTERED], [Role.SCREENER], refer_it),
    move([State.TRANSFERRED], _TAKERS, take_referral, "referred"),
    move([State.TRANSFERRED], _TAKERS, report_result, "referred"),
    move([State.TRANSFERRED], _TAKERS, send_referral_back, "referred"),
    move([State.TO_DISPATCH], [Role.DISPATCHER, Role.REVIEWER], answer_backoffice),
    move([State.CLOSED], [Role.REVIEWER], review_answer, "unreviewed"),
    move([State.CLOSED], [Role.SUPERVISOR], reopen_wrong, "wrong"),
)
