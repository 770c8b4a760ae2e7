"""The core's typed refusals in the words of the person who was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from agent_console.appeal_words import APPEAL_OBSTACLES, ORDER_OBSTACLES
from agent_console.coordination_words import OBSTACLES as COORDINATION_OBSTACLES
from agent_console.file_words import refused
from agent_console.labels import STATES
from agent_console.obstacles import (
    AGAIN_OBSTACLES,
    EXTENSION_OBSTACLES,
    INCIDENT_OBSTACLES,
    INTAKE_OBSTACLES,
    MERGE_OBSTACLES,
    OUTGOING_REASONS,
    REVIEW_OBSTACLES,
    SUPERVISION_OBSTACLES,
    SUSPENSION_OBSTACLES,
)
from agent_console.record_words import QUESTION_OBSTACLES, RECHECK_OBSTACLES, REPLY_WORDS, VISIT_OBSTACLES
from agent_console.words import LazyString, _, _l
from hotline.appeals.ordered import OrderRefused
from hotline.appeals.rules import AppealRefused
from hotline.calls.outcome import DispositionMissing, NothingToDispose, UnknownDisposition
from hotline.calls.ports import NoTelephone, TelephoneAway
from hotline.calls.rules import OutgoingRefused
from hotline.coordination.rules import CoordinationRefused
from hotline.dispatch.assisting import PartNotOverdue
from hotline.evidence.faults import FileRefused
from hotline.evidence.service import WithdrawalRefused
from hotline.extensions.service import ExtensionRefused
from hotline.follow_up.again import AgainRefused
from hotline.follow_up.service import NotDue
from hotline.incidents.rules import IncidentRefused
from hotline.intake.rules import IntakeRefused
from hotline.merging.service import MergeRefused
from hotline.outbox.service import NotGivenUp
from hotline.people.actors import NotPermitted
from hotline.questions.service import QuestionRefused
from hotline.rechecks.rules import RecheckRefused
from hotline.replies.quantities import QuantityRefused
from hotline.replies.service import ReplyRefused
from hotline.replies.visits import VisitRefused
from hotline.retention.holds import HoldRefused
from hotline.review.service import ReviewRefused
from hotline.screening.answering import NotToReview
from hotline.screening.refusing import NothingToDecide, ObjectionOver
from hotline.supervision.rules import SupervisionRefused
from hotline.suspension.service import SuspensionRefused
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.service import DraftRefused


class HandedOn(Exception):
    """This draft went with its call to another agent, who writes on."""


REFUSALS = (
    HandedOn,
    IllegalMove,
    NotPermitted,
    DraftRefused,
    ReplyRefused,
    PartNotOverdue,
    QuantityRefused,
    VisitRefused,
    RecheckRefused,
    QuestionRefused,
    FileRefused,
    WithdrawalRefused,
    NotDue,
    AgainRefused,
    TelephoneAway,
    OutgoingRefused,
    HoldRefused,
    ExtensionRefused,
    SuspensionRefused,
    SupervisionRefused,
    MergeRefused,
    IncidentRefused,
    IntakeRefused,
    ReviewRefused,
    AppealRefused,
    OrderRefused,
    NothingToDecide,
    NotGivenUp,
    NotToReview,
    ObjectionOver,
    CoordinationRefused,
)

# Every sentence that a guard of hotline/tickets/guards.py can give; a test compares the two.
GUARD_WORDS: Mapping[str, LazyString] = {
    "a contact comes first": _l("要先有来电或来件"),
    "only consultations are answered directly": _l("只有咨询件可以直接答复"),
    "an answer or a knowledge entry is needed": _l("请写明答复内容"),
    "an answer names its basis": _l("请写明答复依据"),
    "name 110, 119, 120 or 122": _l("请选择 110、119、120 或 122"),
    "say how the service was told": _l("请写明怎么告知对方的；从接线台呼叫并接通的不用写"),
    "say what the citizen is asked": _l("请写明需要市民补充什么"),
    "write down what the citizen added": _l("请写下市民补充的内容"),
    "the citizen is asked twice first": _l("要先两次请市民补充"),
    "a proposed refusal waits for its decision": _l("已有人提出不予受理，要先复核"),
    "the first ticket keeps a question of its own": _l("原工单至少要留一项诉求"),
    "a refusal has a reason code": _l("不予受理要选择理由"),
    "a second screener must agree": _l("需要另一位初筛员复核"),
    "the citizen is told the right channel": _l("请写明告知市民的正确渠道"),
    "a reason is needed": _l("请写明理由"),
    "name the master ticket": _l("请写明主工单编号"),
    "agents merge only into an open incident": _l("坐席只能把工单并入进行中的突发事件"),
    "agents merge only what they have registered themselves": _l("坐席只能并入自己登记的工单"),
    "other citizens' tickets are merged under this one: take them out first": _l(
        "有别的市民的工单并在这件下面，要先拆出"
    ),
    "media screen what came by their own channel only": _l("媒体只初筛本媒体渠道的来件"),
    "the class is not one that is referred out": _l("这一分类不转外部渠道"),
    "the receipt number of the other side is needed": _l("请填写对方的回执号"),
    "name the office that it is referred to": _l("请选择转交的单位；列出的单位才能接收"),
    "only the office that it is referred to may do this": _l("只有接收转交的单位可以做这一步"),
    "the result is needed": _l("请写明结果"),
    "only government service matters are dispatched": _l("只有政务服务类可以派单"),
    "leaders are briefed first": _l("高位办要先报领导，再派单"),
    "name a coordinator first": _l("协调办要先指定协调人，再派单"),
    "the coordinated track has two departments or more": _l("协调办至少有两个单位：请选择协办单位"),
    "the special track is for urgent and flash tickets": _l("特别办应是急件或特急件，请改紧急程度或办理通道"),
    "exactly one lead department is needed": _l("请选择一个主办单位"),
    "a lead department has a reviewing leader and a handler": _l("这个单位还没有分管领导和承办人，不能主办"),
    "the lead cannot assist itself": _l("主办单位不能同时协办"),
    "the due time is not computed": _l("没有算出到期时间"),
    "only the department that holds the ticket may do this": _l("只有承办单位可以做这一步"),
    "the window for returning this ticket is over": _l("已超过退单时限"),
    "this department has returned the ticket once already": _l("本单位已退过一次，不能再退"),
    "a return cites its legal basis and names the right department": _l("退单要写明依据和应承办的单位"),
    "this department was designated: it may not return the ticket": _l(
        "本单位是热线指定的主办单位，不能退单"
    ),
    "a return names another department than one's own": _l("应承办的单位不能是本单位"),
    "a signed ticket is returned only if a check on the spot shows that it is another's": _l(
        "已签收的，要先到现场核实确属其他单位管辖，才能退单"
    ),
    "who asks for a return does not decide on it": _l("谁申请退单，谁不能裁定"),
    "the director decides on disputed returns only": _l("第一次退单由派单员或督办员裁定"),
    "a disputed return is decided by the hotline's supervisor or director": _l(
        "争议单由督办员会商，或由热线主任指定"
    ),
    "the time for arbitration is over: the director designates": _l("会商期限已过，由热线主任指定"),
    "a disputed return ends with a designated lead": _l("争议单要指定主办单位"),
    "the hotline has designated another lead": _l("热线已指定别的主办单位，只能派给它"),
    "this department's return was accepted: name another one": _l("这个单位的退单已被同意，请派给别的单位"),
    "a plan and a review date are needed": _l("请写明计划和复查日期"),
    "the citizen was not contacted: record the contact, or three failed tries": _l(
        "还没有联系市民：请先记录联系情况，或三次未联系上"
    ),
    "assisting departments have not finished": _l("协办单位还没有办完"),
    "not every question of the citizen is answered": _l("还有诉求没有逐项答复"),
    "there is no reply": _l("还没有写回复"),
    "a department may not review its own reply": _l("承办单位不能审核自己的回复"),
    "the handling department may not call back": _l("承办单位不能自己回访"),
    "this outcome does not close the ticket": _l("按这个回访结果不能办结"),
    "this outcome does not ask for rework": _l("按这个回访结果不需要重办"),
    "after two reworks special supervision (L3) comes first": _l(
        "已重办两次，不能再自行重办：要先由热线主任或督查室专项督办（L3）"
    ),
    "three attempts come first": _l("要先回访三次"),
    "supervision, instruction or sweep still open": _l("还有督办、批示或排查没有结束"),
    "special supervision or a leader's instruction is still open": _l(
        "专项督办或领导批示还没有结束，不能办结或撤销"
    ),
    "a callback verifies that nobody pressed the citizen": _l("要先回访确认市民是自愿撤销"),
    "what endangers people is handled, whoever withdraws it": _l(
        "涉及公共安全的特急件，市民要求撤回也要办完"
    ),
    "nobody is known in it any more: register the matter anew": _l(
        "工单已匿名化，看不出是谁、在哪里，不能重新办理。请另行登记"
    ),
    "name the leader's instruction, or the finding of a court or an inspection": _l(
        "请写明依据的领导批示、法院裁判或督查结论"
    ),
    "this citizen has not been called back": _l("还没有回访这位市民"),
}

# What `still missing: ...` names (Ticket.missing_intake_fields and guards.screening_complete).
FIELD_WORDS: Mapping[str, LazyString] = {
    "type": _l("诉求类型"),
    "category": _l("诉求分类"),
    "category_code": _l("诉求分类"),
    "description": _l("事情经过"),
    "demand": _l("具体诉求"),
    "place or telephone": _l("地点或联系电话"),
    "urgency": _l("紧急程度"),
    "track": _l("办理通道"),
    "confidentiality": _l("保密等级"),
}

_SENTENCES: Mapping[type[Exception], LazyString] = {
    HandedOn: _l("草稿已随通话交给同事，由同事接着写。"),
    PartNotOverdue: _l("这个单位的协办还没有逾期，或已经完成。请刷新页面。"),
    NotDue: _l("这件回访正在由别人拨打，或已经完成。请刷新页面。"),
    NoTelephone: _l("您的电话没有连上热线，来电响不到您：请看电话栏左边的灯；用话机的，请检查话机。"),
    DispositionMissing: _l("请先选择通话结果，再结束整理。"),
    UnknownDisposition: _l("请从列表中选择通话结果。"),
    NothingToDispose: _l("这不是您接的电话，不能填写通话结果。"),
    NotGivenUp: _l("这封信已有人处理，或已经发出去了。请刷新页面。"),
    NotToReview: _l("这个答复不需要复核，或已经复核过。请刷新页面。"),
    NothingToDecide: _l("这件不予受理已有人处理，或没有人提出过。请刷新页面。"),
    ObjectionOver: _l("异议只能在 10 日内提出一次：期限已过，或已经提出过。"),
    HoldRefused: _l("请写明理由；已经解除的保全不能再解除。"),
    WithdrawalRefused: _l("请写明理由；已经撤回的附件不能再撤回。"),
    QuantityRefused: _l("办理成果要写明做了什么、数量和单位，数量不能是负数。"),
    TelephoneAway: _l("电话系统暂时没有应答，什么都没有改变。请稍后再试。"),
}

_TOLD: Mapping[type[Exception], Callable[[Any], str]] = {
    FileRefused: refused,
    AgainRefused: lambda refusal: _("%(reason)s。", reason=str(AGAIN_OBSTACLES[refusal.obstacle])),
    AppealRefused: lambda refusal: _("%(reason)s。", reason=str(APPEAL_OBSTACLES[refusal.obstacle])),
    OrderRefused: lambda refusal: _("%(reason)s。", reason=str(ORDER_OBSTACLES[refusal.obstacle])),
    CoordinationRefused: lambda refusal: str(COORDINATION_OBSTACLES[refusal.obstacle]),
    QuestionRefused: lambda refusal: _("%(reason)s。", reason=str(QUESTION_OBSTACLES[refusal.obstacle])),
    VisitRefused: lambda refusal: _("%(reason)s。", reason=str(VISIT_OBSTACLES[refusal.obstacle])),
    RecheckRefused: lambda refusal: _("%(reason)s。", reason=str(RECHECK_OBSTACLES[refusal.obstacle])),
}

_MISSING = "still missing: "


def missing_fields(refusal: GuardFailed) -> list[str]:
    """The core's names of the fields that are still empty; none if the guard asked for something else."""
    if not refusal.missing.startswith(_MISSING):
        return []
    return refusal.missing.removeprefix(_MISSING).split(", ")


def explain(refusal: Exception) -> str:
    """One sentence about why the core refused, without the exception's own text."""
    if words := _SENTENCES.get(type(refusal)):
        return str(words)
    if told := _TOLD.get(type(refusal)):
        return told(refusal)
    return _explain_by_kind(refusal)


def _explain_by_kind(refusal: Exception) -> str:
    match refusal:
        case GuardFailed():
            return _explain_guard(refusal)
        case MoveNotPermitted() | NotPermitted():
            return _("您的岗位不能做这一步。")
        case IllegalMove():
            return _("这件工单现在是“%(state)s”，不能做这一步。请刷新页面。", state=STATES[refusal.state])
        case (
            SupervisionRefused()
            | ExtensionRefused()
            | SuspensionRefused()
            | MergeRefused()
            | IncidentRefused()
            | IntakeRefused()
            | ReviewRefused()
        ):
            return _explain_obstacle(refusal)
        case DraftRefused():
            return _("有一项内容太长或含有不能保存的字符，请改短后再试。")
        case OutgoingRefused():
            return _("外呼规则不允许：%(reason)s。", reason=str(OUTGOING_REASONS[refusal.reason]))
        case ReplyRefused():
            return str(REPLY_WORDS[refusal.field])
    return _("没有完成，请再试一次。")


def _explain_guard(refusal: GuardFailed) -> str:
    if fields := missing_fields(refusal):
        names = _("、").join(str(FIELD_WORDS[field]) for field in fields if field in FIELD_WORDS)
        return _("还缺：%(fields)s。", fields=names)
    words = GUARD_WORDS.get(refusal.missing)
    return str(words) if words else _("还有条件没有满足。")


def _explain_obstacle(
    refusal: SupervisionRefused
    | ExtensionRefused
    | SuspensionRefused
    | MergeRefused
    | IncidentRefused
    | IntakeRefused
    | ReviewRefused,
) -> str:
    if isinstance(refusal, IntakeRefused):
        return _explain_intake(refusal)
    if isinstance(refusal, SupervisionRefused):
        return _("%(reason)s。", reason=str(SUPERVISION_OBSTACLES[refusal.obstacle]))
    if isinstance(refusal, MergeRefused):
        return _("%(reason)s。", reason=str(MERGE_OBSTACLES[refusal.obstacle]))
    if isinstance(refusal, IncidentRefused):
        return _("%(reason)s。", reason=str(INCIDENT_OBSTACLES[refusal.obstacle]))
    if isinstance(refusal, ReviewRefused):
        return _("%(reason)s。", reason=str(REVIEW_OBSTACLES[refusal.obstacle]))
    if isinstance(refusal, ExtensionRefused):
        return _("%(reason)s。", reason=str(EXTENSION_OBSTACLES[refusal.obstacle]))
    return _("%(reason)s。", reason=str(SUSPENSION_OBSTACLES[refusal.obstacle]))


def _explain_intake(refusal: IntakeRefused) -> str:
    if refusal.known:
        return _("这个编号的来件已经登记过：工单 %(number)s。", number=refusal.known)
    return _("%(reason)s。", reason=str(INTAKE_OBSTACLES[refusal.obstacle]))
