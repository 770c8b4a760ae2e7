"""The words for the core's states, moves and kinds. Chinese here; the English is in `translations/en`."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l
from hotline.calls.broken import LINE_BROKEN, NO_SOUND
from hotline.calls.models import CallbackReason, CallbackState, SeatState
from hotline.calls.reachability import UNREACHABLE
from hotline.contacts.models import LetterFault
from hotline.dispatch.models import ReturnBasis, ReturnGround
from hotline.extensions.models import ExtensionGround
from hotline.follow_up.models import AttemptOutcome, FollowUpState
from hotline.harassment.models import BarReason
from hotline.incidents.models import Step as IncidentStep
from hotline.line_security.models import AlarmKind
from hotline.mailbox.rules import Reason as MailboxReason
from hotline.monitoring.floor import FORCED
from hotline.people.actors import Role
from hotline.queueing.reserve import RESERVE
from hotline.referrals.models import ReferralState
from hotline.replies.models import ContactWay, ReplyState
from hotline.review.models import Ground
from hotline.review.rules import Signal, WordList
from hotline.screening.models import AnswerReview, RefusalState
from hotline.screening.rules import RefusalCode
from hotline.suggestions.similar import Why
from hotline.tickets.aims import AIM_OF, Aim
from hotline.tickets.states import (
    ComplainantKind,
    Confidentiality,
    ScreeningClass,
    State,
    TicketTrack,
    TicketType,
    Urgency,
)
from hotline.transcripts.models import Speaker

Labels = Mapping[str, LazyString]

STATES: Labels = {
    State.DRAFT: _l("登记中"),
    State.REGISTERED: _l("待初筛"),
    State.NEED_INFO: _l("待补充"),
    State.NOT_ACCEPTED: _l("不予受理"),
    State.MERGED: _l("已并单"),
    State.TRANSFERRED: _l("已转外部渠道"),
    State.TO_DISPATCH: _l("待派单"),
    State.DISPATCHED: _l("待签收"),
    State.RETURN_PENDING: _l("退单待审"),
    State.HANDLING: _l("办理中"),
    State.NEED_INFO_UNIT: _l("办理中待补充"),
    State.SUSPENDED: _l("挂起"),
    State.REPLIED: _l("待审核"),
    State.CALLBACK: _l("待回访"),
    State.REWORK: _l("待重办"),
    State.CLOSED: _l("已办结"),
    State.WITHDRAWN: _l("已撤销"),
    State.ARCHIVED: _l("已归档"),
}

# Which of the four meanings (console.md) a state's badge wears; the others are neutral.
STATE_TONES: Mapping[str, str] = {
    State.DRAFT: "accent",
    State.REGISTERED: "waiting",
    State.NEED_INFO: "paused",
    State.TO_DISPATCH: "waiting",
    State.DISPATCHED: "waiting",
    State.RETURN_PENDING: "waiting",
    State.HANDLING: "accent",
    State.NEED_INFO_UNIT: "paused",
    State.SUSPENDED: "paused",
    State.REPLIED: "waiting",
    State.CALLBACK: "waiting",
    State.REWORK: "late",
    State.CLOSED: "talking",
}

AIMS: Labels = {
    Aim.OVERSIGHT: _l("监督（问政）"),
    Aim.ADVICE: _l("建言（问计）"),
    Aim.NEED: _l("需求（问需）"),
}
AIM_NAMES = {kind: AIMS[aim] for kind, aim in AIM_OF.items()}
"""By the type of a matter."""

TYPES: Labels = {
    TicketType.CONSULTATION: _l("咨询"),
    TicketType.HELP: _l("求助"),
    TicketType.COMPLAINT: _l("投诉"),
    TicketType.REPORT: _l("举报"),
    TicketType.SUGGESTION: _l("建议"),
    TicketType.PRAISE: _l("表扬"),
    TicketType.OTHER: _l("其他"),
}

URGENCIES: Labels = {
    Urgency.NORMAL: _l("一般件"),
    Urgency.URGENT: _l("急件"),
    Urgency.FLASH: _l("特急件"),
}

TRACKS: Labels = {
    TicketTrack.TIMELY: _l("及时办"),
    TicketTrack.SPECIAL: _l("特别办"),
    TicketTrack.COORDINATED: _l("协调办"),
    TicketTrack.HIGH_LEVEL: _l("高位办"),
}

SCREENING_CLASSES: Labels = {
    ScreeningClass.SERVICE: _l("政务服务"),
    ScreeningClass.PETITION: _l("信访"),
    ScreeningClass.DISCIPLINE: _l("纪检监察"),
    ScreeningClass.MEDIA: _l("舆论监督"),
    ScreeningClass.NOT_ACCEPTED: _l("不受理"),
}

REFUSAL_CODES: Labels = {
    RefusalCode.EMERGENCY: _l("E1 紧急事项：110、119、120、122"),
    RefusalCode.LEGAL_ROUTE: _l("E2 诉讼、仲裁、纪检、复议、信息公开、信访途径"),
    RefusalCode.OUTSIDE_JURISDICTION: _l("E3 不属于本市管辖"),
    RefusalCode.CONFIDENTIAL: _l("E4 国家、工作、商业秘密或隐私"),
    RefusalCode.UNLAWFUL: _l("E5 违法或违背公序良俗"),
    RefusalCode.ALREADY_HANDLED: _l("E6 同一事项正在办理或已办结，无新情况"),
    RefusalCode.NO_SUBSTANCE: _l("E7 无实质内容或骚扰"),
    RefusalCode.OTHER_ORGANS: _l("E8 法院、检察院、军队等职权"),
}

REFUSAL_STATES: Labels = {
    RefusalState.PROPOSED: _l("等复核"),
    RefusalState.DISPUTED: _l("意见不一，等督办员裁定"),
    RefusalState.APPROVED: _l("不予受理"),
    RefusalState.DROPPED: _l("未采纳"),
    RefusalState.OVERTURNED: _l("异议成立，已撤销"),
}

REFERRAL_STATES: Labels = {
    ReferralState.WAITING: _l("等回执"),
    ReferralState.TAKEN: _l("已接收，等结果"),
    ReferralState.ENDED: _l("已结束"),
    ReferralState.SENT_BACK: _l("已退回"),
}

ANSWER_REVIEWS: Labels = {
    AnswerReview.NOT_NEEDED: _l("有依据"),
    AnswerReview.WAITS: _l("等复核"),
    AnswerReview.SOUND: _l("复核正确"),
    AnswerReview.WRONG: _l("复核有误"),
}

KINDS: Labels = {
    ComplainantKind.PERSON: _l("个人"),
    ComplainantKind.ENTERPRISE: _l("企业"),
    ComplainantKind.ORGANISATION: _l("组织"),
}

CONFIDENTIALITIES: Labels = {
    Confidentiality.NORMAL: _l("普通"),
    Confidentiality.HIDDEN: _l("对承办单位保密"),
    Confidentiality.SEALED: _l("密封"),
}

# Five-point scale of rulebook B7: 1 is the best.
SATISFACTIONS: Mapping[int, LazyString] = {
    1: _l("非常满意"),
    2: _l("满意"),
    3: _l("基本满意"),
    4: _l("不满意"),
    5: _l("非常不满意"),
}

ROLES: Labels = {
    Role.CITIZEN: _l("市民"),
    Role.AGENT: _l("接线员"),
    Role.SCREENER: _l("初筛员"),
    Role.MEDIA_SCREENER: _l("媒体初筛员"),
    Role.DISPATCHER: _l("派单员"),
    Role.HANDLER: _l("承办人"),
    Role.UNIT_REVIEWER: _l("分管领导"),
    Role.ASSIST_UNIT: _l("协办单位"),
    Role.REVIEWER: _l("审核员"),
    Role.CALLBACK_AGENT: _l("回访员"),
    Role.SUPERVISOR: _l("督办员"),
    Role.DIRECTOR: _l("热线主任"),
    Role.GOVERNMENT_OFFICE: _l("政府办"),
    Role.INSPECTION_OFFICE: _l("督查室"),
    Role.LEADER: _l("领导"),
    Role.PETITION_OFFICE: _l("信访部门"),
    Role.DISCIPLINE: _l("纪检监察"),
    Role.ANALYST: _l("分析员"),
    Role.ASSESSOR: _l("第三方评估"),
    Role.PUBLISHER: _l("编辑"),
    Role.KNOWLEDGE_EDITOR: _l("知识库编辑"),
    Role.AUDITOR: _l("审计员"),
    Role.ADMINISTRATOR: _l("系统管理员"),
    Role.SYSTEM: _l("系统"),
}

SEAT_STATES: Labels = {
    SeatState.OFFLINE: _l("离线"),
    SeatState.READY: _l("就绪"),
    SeatState.RINGING: _l("振铃"),
    SeatState.TALKING: _l("通话"),
    SeatState.BROKEN: _l("线路中断，正在接回"),
    SeatState.WRAP_UP: _l("整理"),
    SeatState.PAUSED: _l("暂停"),
}

# Why a seat is paused by us, not by its agent.
OWN_PAUSES: Labels = {
    "rang_out": _l("没有接听来电"),
    UNREACHABLE: _l("电话没有连上"),
    LINE_BROKEN: _l("线路中断"),
    NO_SOUND: _l("没有收到坐席的声音"),
    FORCED: _l("督办员要求"),
}

PAUSE_REASONS: Labels = {
    "break": _l("小休"),
    "meal": _l("用餐"),
    "training": _l("培训"),
    "paperwork": _l("处理工单"),
    RESERVE: _l("待命，高峰应急时上线"),
}

SPEAKERS: Labels = {
    Speaker.CALLER: _l("市民"),
    Speaker.AGENT: _l("坐席"),
    Speaker.THIRD: _l("第三方"),
    Speaker.SUPERVISOR: _l("督办员"),
    Speaker.MIX: _l("所有人"),
    Speaker.MESSAGE: _l("留言"),
    Speaker.COMMENT: _l("评价留言"),
}

SPEAKER_TRACKS: Labels = {
    Speaker.MIX: _l("全部声音"),
    Speaker.CALLER: _l("只听市民"),
    Speaker.AGENT: _l("只听坐席"),
    Speaker.THIRD: _l("只听第三方"),
    Speaker.SUPERVISOR: _l("只听督办员"),
    Speaker.MESSAGE: _l("只听留言"),
    Speaker.COMMENT: _l("只听评价留言"),
}

RETURN_GROUNDS: Labels = {
    ReturnGround.NOT_OUR_REMIT: _l("不是本单位职责"),
    ReturnGround.OTHER_PLACE: _l("不在本单位辖区"),
    ReturnGround.OTHER_LEVEL: _l("不归本级管"),
    ReturnGround.ANOTHER_LEADS: _l("应由别的单位主办"),
}

RETURN_BASES: Labels = {
    ReturnBasis.THREE_FIXED: _l("三定方案"),
    ReturnBasis.DUTY_LIST: _l("权责清单"),
    ReturnBasis.STATUTE: _l("法律法规"),
}

EXTENSION_GROUNDS: Labels = {
    ExtensionGround.HARD_TO_SOLVE: _l("问题复杂，短期难以解决"),
    ExtensionGround.NEEDS_OTHERS: _l("需其他单位配合"),
    ExtensionGround.NEEDS_WORKS: _l("需施工或采购"),
    ExtensionGround.NEEDS_EXPERTISE: _l("需检测、鉴定或论证"),
    ExtensionGround.CITIZEN_AWAY: _l("市民要求改期"),
}

REJECTION_GROUNDS: Labels = {
    Ground.INCOMPLETE: _l("答复不完整"),
    Ground.PERFUNCTORY: _l("敷衍答复"),
    Ground.NOT_CONTACTED: _l("没有联系市民"),
    Ground.WRONG_FACTS: _l("与事实不符"),
    Ground.OTHER: _l("其他"),
}

SIGNALS: Labels = {
    Signal.PROMISE: _l("空头承诺"),
    Signal.UNANSWERED: _l("有诉求没有答复"),
    Signal.COPIED: _l("套用别的答复"),
    Signal.ECHO: _l("照抄诉求或过于简短"),
    Signal.NO_CONTACT: _l("称已联系或到场，没有记录"),
    Signal.LAST_MINUTE: _l("临期才动"),
    Signal.NOT_SOLVED: _l("称已解决，与记录不符"),
    Signal.ATTITUDE: _l("只表态，没有行动"),
}

WORD_LISTS: Labels = {
    WordList.PROMISE: _l("承诺用语"),
    WordList.ATTITUDE: _l("表态和客套用语"),
    WordList.MEASURE: _l("办理动作"),
    WordList.CONTACT: _l("声称联系过市民"),
    WordList.VISIT: _l("声称到过现场"),
    WordList.SOLVED: _l("声称已解决"),
    WordList.NO_ANSWER: _l("等于没有答复"),
}

CONTACT_WAYS: Labels = {
    ContactWay.PHONE: _l("电话"),
    ContactWay.VISIT: _l("上门"),
    ContactWay.MESSAGE: _l("短信"),
}

REPLY_STATES: Labels = {
    ReplyState.DRAFTED: _l("待分管领导审批"),
    ReplyState.SUBMITTED: _l("待热线审核"),
    ReplyState.ACCEPTED: _l("审核通过"),
    ReplyState.REJECTED: _l("已退回"),
}

FOLLOW_UP_STATES: Labels = {
    FollowUpState.DUE: _l("待拨打"),
    FollowUpState.CALLING: _l("正在拨打"),
    FollowUpState.NEEDS_FINDING: _l("待查明原因"),
    FollowUpState.DONE: _l("已回访"),
    FollowUpState.UNREACHED: _l("未联系上"),
    FollowUpState.DROPPED: _l("不再询问"),
}

MERGE_REASONS: Labels = {
    Why.PHONE: _l("同一电话"),
    Why.CATEGORY: _l("同一分类"),
    Why.PLACE: _l("同一地点或道路"),
    Why.WORDS: _l("内容相近"),
}

LETTER_FAULTS: Labels = {
    LetterFault.UNREADABLE: _l("格式损坏，读不出来"),
    LetterFault.TOO_LARGE: _l("太大，没有收取"),
    LetterFault.NO_WORDS: _l("没有文字"),
    LetterFault.TOO_MANY: _l("同一地址一天内来信太多"),
}

MAILBOX_REASONS: Labels = {
    MailboxReason.NO_PASSWORD: _l("读不到密码文件"),
    MailboxReason.UNREACHABLE: _l("连不上邮件服务器"),
    MailboxReason.REFUSED: _l("用户名或密码不对"),
    MailboxReason.CONFUSED: _l("邮件服务器的应答不对"),
}

INCIDENT_STEPS: Labels = {
    IncidentStep.OPENED: _l("开立"),
    IncidentStep.CHANGED: _l("更新"),
    IncidentStep.TOLD: _l("开始告知来电人"),
    IncidentStep.HUSHED: _l("停止告知来电人"),
    IncidentStep.CLOSED: _l("结束"),
}

FOLLOW_UP_TONES: Mapping[str, str] = {
    FollowUpState.DUE: "waiting",
    FollowUpState.CALLING: "talking",
    FollowUpState.NEEDS_FINDING: "late",
}

ATTEMPT_OUTCOMES: Labels = {
    AttemptOutcome.ANSWERED: _l("市民已回答"),
    AttemptOutcome.PARTIAL: _l("只回答了一半"),
    AttemptOutcome.SILENT: _l("接了但没有按键"),
    AttemptOutcome.NO_ANSWER: _l("无人接听"),
    AttemptOutcome.BUSY: _l("占线"),
    AttemptOutcome.FAILED: _l("没有拨出去"),
    AttemptOutcome.REFUSED: _l("外呼规则不允许"),
}

BAR_REASONS: Labels = {
    BarReason.ABUSE: _l("辱骂威胁"),
    BarReason.OBSCENE: _l("言语淫秽"),
    BarReason.SILENT: _l("反复来电不说话"),
    BarReason.PRANK: _l("恶作剧、谎报"),
    BarReason.ADVERTISING: _l("广告推销"),
    BarReason.MACHINE: _l("机器自动拨打"),
}

ALARMS: Labels = {
    AlarmKind.BAD_REGISTRATIONS: _l("有人反复用错误的口令登录话机，来自"),
    AlarmKind.TOO_MANY_CALLS: _l("一分钟内呼出次数达到上限"),
    AlarmKind.MAILBOX: _l("邮箱收不到信"),
    AlarmKind.MAIL_SERVER: _l("邮件服务器不收我们的信，正在重试"),
    AlarmKind.MAIL_UNSENT: _l("给市民的邮件发不出去，已不再重试"),
}

CALLBACK_REASONS: Labels = {
    CallbackReason.ABANDONED: _l("没等到人接就挂断"),
    CallbackReason.UNANSWERED: _l("一直没有人接"),
    CallbackReason.CUT_OFF: _l("被系统中断"),
    CallbackReason.REQUESTED: _l("按键要求回电"),
}

CALLBACK_STATES: Labels = {
    CallbackState.WAITING: _l("待排队"),
    CallbackState.CALLING: _l("排队中，轮到就拨"),
    CallbackState.PERSON: _l("三次未接通，请人工处理"),
    CallbackState.DONE: _l("已完成"),
}

CALLBACK_TONES: Mapping[str, str] = {
    CallbackState.WAITING: "waiting",
    CallbackState.CALLING: "talking",
    CallbackState.PERSON: "late",
}
