"""One sentence about a ticket: who has it, until when, and what happens next."""

from collections.abc import Mapping, Sequence

from agent_console.labels import SATISFACTIONS
from agent_console.words import LazyString, _, _l
from hotline.follow_up.models import FollowUp, FollowUpState
from hotline.referrals.models import Referral, ReferralState
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

# {unit} is the department that has the ticket.
SENTENCES: Mapping[State, LazyString] = {
    State.DRAFT: _l("接线员正在登记。"),
    State.REGISTERED: _l("在热线初筛处。下一步：判断是否受理，属于哪一类。"),
    State.NEED_INFO: _l("等市民补充情况，时限暂停。"),
    State.NOT_ACCEPTED: _l("不予受理。下一步：把原因、依据和正确的渠道告知市民。"),
    State.MERGED: _l("已并入另一件工单，随那一件办理。"),
    State.TRANSFERRED: _l("已转外部渠道，等对方回执。"),
    State.TO_DISPATCH: _l("在热线派单处。下一步：选定主办单位。"),
    State.DISPATCHED: _l("已派给{unit}。下一步：由它签收。"),
    State.RETURN_PENDING: _l("{unit}申请退单。下一步：派单员裁定。"),
    State.HANDLING: _l("{unit}正在办理。下一步：联系市民，并写出回复。"),
    State.NEED_INFO_UNIT: _l("{unit}请市民补充情况，时限暂停。"),
    State.SUSPENDED: _l("暂时无法解决，已挂起，到复查日期再办。"),
    State.REPLIED: _l("{unit}已回复。下一步：热线审核回复。"),
    State.CALLBACK: _l("回复已通过审核。下一步：给市民回访。"),
    State.REWORK: _l("市民表示没有解决。下一步：督办员安排{unit}重办。"),
    State.WITHDRAWN: _l("市民已撤销。"),
    State.ARCHIVED: _l("已归档。"),
}

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


def standing(
    ticket: Ticket, holder: str, follow_ups: Sequence[FollowUp] = (), referrals: Sequence[Referral] = ()
) -> str:
    """For the head of the page. `holder` is the name of the department that has it, if any."""
    if ticket.state is State.CLOSED:
        return closing(ticket)
    if ticket.state is State.TRANSFERRED and ticket.screening_class is None:
        return _("已交紧急服务处置。下一步：初筛员记下对方的接警编号。")
    if referrals and referrals[-1].state is ReferralState.TAKEN:
        return _("媒体已接收。下一步：反馈监督结果。")
    if any(follow_up.state is FollowUpState.NEEDS_FINDING for follow_up in follow_ups):
        return _("市民表示没有解决。下一步：回访员查明原因，再定重办或办结。")
    if ticket.stays_open and ticket.state is State.CALLBACK and _is_asked(follow_ups):
        return _("已回访。专项督办或领导批示结束后，自动办结。")
    return str(SENTENCES[ticket.state]).format(unit=holder)


def _is_asked(follow_ups: Sequence[FollowUp]) -> bool:
    return bool(follow_ups) and follow_ups[-1].state in (FollowUpState.DONE, FollowUpState.UNREACHED)


def closing(ticket: Ticket) -> str:
    """How a closed ticket ended, in the words of its outcome."""
    if ending := ENDINGS.get(ticket.outcome or ""):
        return str(ending)
    if ticket.satisfaction:
        return _("已办结。市民确认解决，评价：%(rating)s。", rating=SATISFACTIONS[ticket.satisfaction])
    return _("已办结。市民确认解决，没有评价。")
