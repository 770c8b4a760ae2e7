"""One sentence about a ticket: who has it, until when, what happens next; and whose turn that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_console.labels import ROLES, SATISFACTIONS
from agent_console.words import LazyString, _, _l
from hotline.coordination.rules import BRIEFERS, NAMERS
from hotline.follow_up.models import FollowUp, FollowUpState
from hotline.people.actors import Role
from hotline.referrals.models import Referral, ReferralState
from hotline.screening.models import Refusal, RefusalState
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import UNIT_ROLES
from hotline.tickets.states import ENDED, ScreeningClass, State, TicketTrack


@dataclass(frozen=True)
class Words:
    """What is said of a state. `{unit}` is the department that has the ticket.

    `limit` is what its moment is called; `by` are the roles that find the next step on the ticket's page,
    nobody where the system takes it.
    """

    has: LazyString
    next: LazyString
    limit: LazyString | None = None
    by: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The sentence in its parts. `is_due`: what is not done by `at` is late; else it merely happens then."""

    has: str
    limit: str
    at: datetime | None
    is_due: bool
    next: str
    turn: str
    has_no_limit: bool


_DUE = _l("办理期限")
_ARCHIVED = _l("最早归档时间")
_RECEIPT = _l("回执期限")

SENTENCES: Mapping[State, Words] = {
    State.DRAFT: Words(_l("坐席正在登记。"), _l("补齐必填的内容，登记成工单。"), by=(Role.AGENT,)),
    State.REGISTERED: Words(_l("在热线初筛处。"), _l("判断是否受理，属于哪一类。"), by=(Role.SCREENER,)),
    State.NEED_INFO: Words(
        _l("等市民补充情况，时限暂停。"),
        _l("记下市民的补充，转回初筛；到期没有答复的，再问一次。"),
        _l("补充期限"),
        (Role.AGENT, Role.CALLBACK_AGENT),
    ),
    State.NOT_ACCEPTED: Words(
        _l("不予受理。"),
        _l("把原因、依据和正确的渠道告知市民；市民有异议的，由督办员裁定。"),
        _ARCHIVED,
        (Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR),
    ),
    State.MERGED: Words(
        _l("已并入另一件工单，随那一件办理。"),
        _l("主工单答复后，给这位市民单独回访。"),
        _l("主工单的办理期限"),
        (Role.CALLBACK_AGENT,),
    ),
    State.TRANSFERRED: Words(
        _l("已转外部渠道。"), _l("等对方回执，收到后办结。"), _RECEIPT, (Role.DISCIPLINE,)
    ),
    State.TO_DISPATCH: Words(_l("在热线派单处。"), _l("选定主办单位。"), by=(Role.DISPATCHER,)),
    State.DISPATCHED: Words(
        _l("已派给{unit}。"), _l("由它签收，开始办理。"), _l("签收期限"), (Role.HANDLER,)
    ),
    State.RETURN_PENDING: Words(
        _l("{unit}申请退单。"), _l("热线裁定。"), _l("裁定期限"), (Role.DISPATCHER, Role.SUPERVISOR)
    ),
    State.HANDLING: Words(_l("{unit}正在办理。"), _l("联系市民，并写出回复。"), _DUE, (Role.HANDLER,)),
    State.NEED_INFO_UNIT: Words(
        _l("{unit}请市民补充情况，时限暂停。"),
        _l("热线询问市民，记下答复，转回承办单位。"),
        _l("补充期限"),
        (Role.AGENT,),
    ),
    State.SUSPENDED: Words(
        _l("暂时无法解决，已挂起，由{unit}记录在案。"),
        _l("到复查日期恢复办理；条件具备的，承办人提前恢复。"),
        _l("复查日期"),
        (Role.HANDLER,),
    ),
    State.REPLIED: Words(_l("{unit}已回复。"), _l("热线审核回复。"), _DUE, (Role.REVIEWER,)),
    State.CALLBACK: Words(_l("回复已通过审核。"), _l("给市民回访。"), _l("下次拨打"), (Role.CALLBACK_AGENT,)),
    State.REWORK: Words(
        _l("市民表示没有解决。"), _l("督办员安排{unit}重办。"), _l("原办理期限"), (Role.SUPERVISOR,)
    ),
    State.CLOSED: Words(_l("已办结。"), _l("满期后归档；在此之前，确有必要的可以重新办理。"), _ARCHIVED),
    State.WITHDRAWN: Words(_l("市民已撤销。"), _l("满期后归档；在此之前，市民可以取消撤销。"), _ARCHIVED),
    State.ARCHIVED: Words(_l("已归档。"), _l("没有。确有特殊情况的，由热线主任批准重新办理。")),
}

# What is true of some tickets of a state, and said in place of its own words.
UNPREPARED: Mapping[TicketTrack, Words] = {
    TicketTrack.COORDINATED: Words(
        _l("在热线派单处，要几家单位协调。"), _l("指定协调人，再派单。"), by=NAMERS
    ),
    TicketTrack.HIGH_LEVEL: Words(_l("在热线派单处，要先报领导。"), _l("报领导，再派单。"), by=BRIEFERS),
}
UNDECIDED: Mapping[RefusalState, Words] = {
    RefusalState.PROPOSED: Words(
        _l("初筛员提出不予受理。"), _l("由另一位初筛员复核。"), by=(Role.SCREENER, Role.SUPERVISOR)
    ),
    RefusalState.DISPUTED: Words(
        _l("两位初筛员对是否受理意见不一。"), _l("督办员裁定。"), by=(Role.SUPERVISOR,)
    ),
}
REFERRED: Mapping[ScreeningClass, Words] = {
    ScreeningClass.PETITION: Words(
        _l("已转信访部门。"), _l("由它接收并给回执。"), _RECEIPT, (Role.PETITION_OFFICE,)
    ),
    ScreeningClass.MEDIA: Words(_l("已转媒体。"), _l("由它接收并给回执。"), _RECEIPT, (Role.MEDIA_SCREENER,)),
}
MEDIA_TAKEN = Words(_l("媒体已接收。"), _l("反馈监督结果。"), by=(Role.MEDIA_SCREENER,))
EMERGENCY = Words(_l("已交紧急服务处置。"), _l("初筛员记下对方的接警编号。"), by=(Role.SCREENER,))
REPLY_WAITS = Words(
    _l("{unit}正在办理，回复已写好。"), _l("分管领导审批，提交热线。"), _DUE, (Role.UNIT_REVIEWER,)
)
NEEDS_FINDING = Words(
    _l("市民表示没有解决。"), _l("回访员查明原因，再定重办或办结。"), by=(Role.CALLBACK_AGENT,)
)
KEPT_OPEN = Words(_l("已回访。"), _l("专项督办或领导批示结束后，自动办结。"))

ENDINGS: Mapping[str, LazyString] = {
    "answered": _l("热线已直接答复，办结。"),
    "unreached": _l("已办结，回访未联系上市民。"),
    "anonymous": _l("已办结。市民没有留电话，不回访。"),
    "referred": _l("已移交纪检监察，热线办结。"),
    "petition_taken": _l("信访部门已接收，由它按信访规定办理和答复。热线办结。"),
    "emergency_taken": _l("已交紧急服务，对方已受理，热线办结。"),
    "media_result": _l("媒体已反馈监督结果，办结。"),
    "no_information": _l("两次请市民补充未得到答复，以信息不足办结。市民补充后可以重新办理。"),
    "explained": _l("已办结。问题未能解决，原因已向市民说明。"),
}

NOT_DUE = (State.CALLBACK, State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED)
"""Their moment is no limit that anybody keeps."""


def standing(
    ticket: Ticket,
    holder: str,
    at: datetime | None,
    follow_ups: Sequence[FollowUp] = (),
    refusals: Sequence[Refusal] = (),
    referrals: Sequence[Referral] = (),
    reply_waits: bool = False,
) -> Standing:
    """For the head of the page. `holder` is the name of the department that has it, if any; `at` is as
    `moments.moment_of` has it, None also where whoever looks may not know it."""
    words = _words(ticket, follow_ups, refusals, referrals, reply_waits)
    at = at if words.limit else None
    has = closing(ticket) if ticket.state is State.CLOSED else str(words.has).format(unit=holder)
    return Standing(
        has=has,
        limit=str(words.limit) if words.limit else "",
        at=at,
        is_due=ticket.state not in NOT_DUE,
        next=str(words.next).format(unit=holder),
        turn=turn(words.by, holder),
        has_no_limit=at is None and ticket.state not in ENDED,
    )


def _words(
    ticket: Ticket,
    follow_ups: Sequence[FollowUp],
    refusals: Sequence[Refusal],
    referrals: Sequence[Referral],
    reply_waits: bool,
) -> Words:
    own = SENTENCES[ticket.state]
    if ticket.state is State.CLOSED:
        return own
    if any(follow_up.state is FollowUpState.NEEDS_FINDING for follow_up in follow_ups):
        return NEEDS_FINDING
    if ticket.stays_open and ticket.state is State.CALLBACK and _is_asked(follow_ups):
        return KEPT_OPEN
    if ticket.state is State.TRANSFERRED:
        return _transferred(ticket, referrals)
    if ticket.state is State.REGISTERED and refusals:
        return UNDECIDED.get(refusals[-1].state, own)
    if unprepared := _unprepared(ticket):
        return unprepared
    if ticket.state is State.HANDLING and reply_waits:
        return REPLY_WAITS
    return own


def is_unprepared(ticket: Ticket) -> bool:
    """Whether somebody has to be named, or told, before it is dispatched."""
    return _unprepared(ticket) is not None


def _unprepared(ticket: Ticket) -> Words | None:
    if ticket.state is not State.TO_DISPATCH or ticket.track_ready_at is not None:
        return None
    return UNPREPARED.get(ticket.track)


def _transferred(ticket: Ticket, referrals: Sequence[Referral]) -> Words:
    if ticket.screening_class is None:
        return EMERGENCY
    if referrals and referrals[-1].state is ReferralState.TAKEN:
        return MEDIA_TAKEN
    return REFERRED.get(ticket.screening_class, SENTENCES[State.TRANSFERRED])


def _is_asked(follow_ups: Sequence[FollowUp]) -> bool:
    return bool(follow_ups) and follow_ups[-1].state in (FollowUpState.DONE, FollowUpState.UNREACHED)


def turn(by: Sequence[Role], holder: str) -> str:
    """Whose turn it is: `水务局的承办人`, `派单员、督办员`; empty where it is nobody's."""
    names = _("、").join(str(ROLES[role]) for role in by)
    if holder and by and set(by) <= set(UNIT_ROLES):
        return _("%(unit)s的%(roles)s", unit=holder, roles=names)
    return names


def closing(ticket: Ticket) -> str:
    """How a closed ticket ended, in the words of its outcome."""
    if ending := ENDINGS.get(ticket.outcome or ""):
        return str(ending)
    if ticket.satisfaction:
        return _("已办结。市民确认解决，评价：%(rating)s。", rating=SATISFACTIONS[ticket.satisfaction])
    return _("已办结。市民确认解决，没有评价。")
