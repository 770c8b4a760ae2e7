"""A ticket's history in words: what happened, who did it, and the facts worth reading."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import cast

from agent_console import labels, outgoing, times
from agent_console.after.words import disposition_label
from agent_console.appeal_words import APPEAL_KINDS, GROUNDS
from agent_console.department_names import department_names
from agent_console.file_words import PURPOSES, size_words
from agent_console.obstacles import OUTGOING_REASONS
from agent_console.supervision_words import LEVELS
from agent_console.words import LazyString, _, _l
from hotline.people.actors import Role
from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.models import HistoryLine
from hotline.tickets.states import State

# Every move of hotline/tickets/lifecycle.py and every note of the features; a test compares the first.
EVENTS: Mapping[str, LazyString] = {
    "open_record": _l("来电或来件，建立草稿"),
    "submit": _l("登记"),
    "answer_directly": _l("直接答复"),
    "hot_transfer": _l("转紧急服务"),
    "ask_info": _l("请市民补充"),
    "info_received": _l("市民已补充"),
    "info_timeout": _l("补充超时"),
    "refuse": _l("不予受理"),
    "refusal_overturned": _l("撤销不予受理"),
    "merge": _l("并单"),
    "unmerge": _l("取消并单"),
    "merged_under": _l("另一件工单并入"),
    "unmerged": _l("并入的一件已拆出"),
    "incident_opened": _l("作为主工单开立突发事件"),
    "incident_closed": _l("突发事件已结束"),
    "unsolved_here": _l("市民说没有解决，已记在主工单上"),
    "unsolved_elsewhere": _l("并入的市民说没有解决"),
    "refer_out": _l("转外部渠道"),
    "external_receipt": _l("收到外部回执"),
    "external_return": _l("外部退回"),
    "referral_taken": _l("媒体已接收，等监督结果"),
    "coordinator_named": _l("指定协调人"),
    "coordination_met": _l("召开协调会"),
    "leaders_briefed": _l("报领导"),
    "brief_read": _l("领导已阅"),
    "receipt_overdue": _l("转交件逾期没有回执"),
    "accept": _l("初筛受理"),
    "dispatch": _l("派单"),
    "answer_backoffice": _l("后台直接答复"),
    "sign": _l("签收"),
    "request_return": _l("申请退单"),
    "approve_return": _l("同意退单"),
    "reject_return": _l("驳回退单"),
    "suspend": _l("挂起"),
    "resume": _l("恢复办理"),
    "submit_reply": _l("提交回复"),
    "reject_reply": _l("退回回复"),
    "accept_reply": _l("回复审核通过"),
    "close": _l("办结"),
    "not_satisfied": _l("转重办"),
    "redispatch": _l("安排重办"),
    "unreachable": _l("未联系上，办结"),
    "reopen": _l("重新办理"),
    "archive": _l("归档"),
    "withdraw": _l("撤销"),
    "withdraw_cancelled": _l("取消撤销"),
    "master_closed": _l("随主工单办结"),
    "reopen_exceptional": _l("特批重新办理"),
    "withdrawal_asked": _l("市民要求撤回"),
    "withdrawal_checked": _l("回访核实撤回是否自愿"),
    "withdrawal_not_reached": _l("核实撤回，没有联系上"),
    "withdrawal_refused": _l("不同意撤回，继续办理"),
    "reopening_asked": _l("市民要求重新办理"),
    "reopening_refused": _l("不同意重新办理"),
    "objected": _l("市民提出异议"),
    "asked_again": _l("再次请市民补充"),
    "answer_overdue": _l("市民未在期限内补充，请再问一次"),
    "refusal_proposed": _l("提出不予受理，等复核"),
    "refusal_disputed": _l("复核不同意，等督办员裁定"),
    "refusal_dropped": _l("不予受理未采纳，重新初筛"),
    "refusal_told": _l("已告知市民"),
    "objection_rejected": _l("异议不成立，维持原结果"),
    "answer_reviewed": _l("复核直接答复"),
    "extension_asked": _l("申请延期"),
    "extension_approved": _l("批准延期"),
    "extension_refused": _l("不批准延期"),
    "extension_dropped": _l("延期申请不再需要决定"),
    "suspension_asked": _l("申请挂起"),
    "suspension_dropped": _l("挂起申请不再需要决定"),
    "suspension_refused": _l("不批准挂起"),
    "supervision_begun": _l("督办提醒或提出督办"),
    "supervision_dropped": _l("督办未采纳"),
    "supervision_issued": _l("下达督办"),
    "supervision_answered": _l("单位答复督办"),
    "supervision_returned": _l("督办答复退回"),
    "supervision_closed": _l("督办结束"),
    "supervision_superseded": _l("督办升级，较低一级随之结束"),
    "answer_late": _l("逾期没有答复，已提醒单位领导和督办部门"),
    "report_late": _l("批示逾期没有反馈，已提醒督办部门"),
    "late_seen": _l("已看到逾期提醒"),
    "closing_waits": _l("督办或批示没有结束，暂不办结"),
    "instructed": _l("领导批示"),
    "campaign_named": _l("列入排查或清理"),
    "joint_opened": _l("开展媒体联合督办"),
    "joint_note": _l("联合督办：一方说明情况"),
    "joint_question": _l("联合督办：一方提问"),
    "joint_answered": _l("联合督办：答复提问"),
    "joint_drafted": _l("联合督办：媒体拟写公开跟进稿"),
    "joint_ended": _l("联合督办结束"),
    "inspection_told": _l("明查暗访情况通报单位"),
    "instruction_reported": _l("向领导反馈"),
    "split_into": _l("分出一件工单"),
    "split_from": _l("从另一件工单分出"),
    "citizen_contacted": _l("联系市民"),
    "reply_written": _l("写好回复"),
    "reply_sent_back": _l("分管领导退回修改"),
    "site_visited": _l("现场核查"),
    "recheck_set": _l("定下复查日"),
    "recheck_due": _l("到了复查日"),
    "rechecked": _l("复查"),
    "evidence_added": _l("上传附件"),
    "evidence_withdrawn": _l("撤回附件"),
    "supervision_proposed": _l("再次被认定敷衍答复，建议发督办通知单"),
    "emergency_called": _l("呼叫紧急服务并交接"),
    "call_rated": _l("来电人按键评价"),
    "call_disposed": _l("通话结果"),
    "recording_transcribed": _l("录音已转写成文字"),
    "recording_failed": _l("录音转写没有成功，将重试"),
    "recording_set_aside": _l("录音转写三次未成功，请听录音"),
    "recording_deleted": _l("录音已过保存期限，已删除"),
    "transcript_deleted": _l("文字已过保存期限，已删除"),
    "files_expired": _l("附件已过保存期限，已删除"),
    "anonymised": _l("已过保存期限，个人信息已去除"),
    "dossier_ordered": _l("申请导出全案"),
    "dossier_fetched": _l("下载全案"),
    "recording_taken": _l("下载录音"),
    "held": _l("保全录音和文字"),
    "hold_lifted": _l("解除保全"),
    "part_finished": _l("协办单位完成协办"),
    "part_closed": _l("协办单位逾期未完成，主办单位不再等待"),
    "reminded": _l("市民催办"),
    "reminded_often": _l("已催办三次，请督办员复核紧急程度"),
    "recurrence_linked": _l("市民说同一件事又发生了，关联以前的工单"),
    "recurrence_unlinked": _l("不是同一件事，取消关联"),
    "reminder_taken": _l("来电催办已有的工单"),
    "imported": _l("从表格导入"),
    "set_aside": _l("网上来件搁置，不登记"),
    "supplemented": _l("市民补充情况"),
    "enclosed": _l("市民传来附件"),
    "mail_sent": _l("已给市民发邮件"),
    "mail_failed": _l("给市民的邮件没有发出去"),
    "rated_on_page": _l("市民在网页上评价"),
    "comment_left": _l("市民在回访中留了言"),
    "message_left": _l("市民留了言"),
    "recording_missing": _l("通话没有录上音（请查磁盘空间）"),
    "recording_short": _l("通话没有全部录上音（请查磁盘空间）"),
    "answered_follow_up": _l("市民回答回访"),
    "follow_up_attempt": _l("回访拨打"),
    "follow_up_again": _l("安排再次自动回访"),
    "called_back_by_hand": _l("人工回访"),
    "number_not_dialable": _l("号码无法拨打，请人工回访"),
    "number_refused": _l("外呼规则不允许拨打，请人工回访"),
}


def event_label(event: str) -> str:
    """What happened; a line of a kind that is not known here is still shown."""
    return str(EVENTS.get(event, _("记录")))


def actor_label(line: HistoryLine) -> str:
    """Who did it, with their role: `王丽（接线员）`."""
    roles = _roles_in_which(line)
    names = _("、").join(str(labels.ROLES[role]) for role in roles)
    if Role.SYSTEM in roles or Role.CITIZEN in roles:
        return names
    return _("%(name)s（%(roles)s）", name=line.actor_name, roles=names) if names else line.actor_name


def _roles_in_which(line: HistoryLine) -> list[str]:
    """Of a person with several roles, those that the move asks for; all of them for a mere note."""
    held = [role for role in line.actor_roles.split() if role in labels.ROLES]
    asked = _ASKED.get((line.event, line.from_state), ())
    return [role for role in held if role in asked] or held


def _roles_by_move() -> Mapping[tuple[str, State | None], frozenset[Role]]:
    found: dict[tuple[str, State | None], frozenset[Role]] = {}
    for row in TRANSITIONS:
        key = row.event, row.source
        found[key] = found.get(key, frozenset()) | frozenset(row.roles)
    return found


_ASKED = _roles_by_move()


def details(line: HistoryLine) -> list[tuple[str, str]]:
    """The facts of a line that people read, in a fixed order."""
    found = ((name, line.changes[name]) for name in _DETAILS if line.changes.get(name) is not None)
    return [(str(_DETAILS[name][0]), _DETAILS[name][1](value)) for name, value in found if value != ""]


def _plain(value: object) -> str:
    return str(value)


def _department(value: object) -> str:
    """In English by the English name, where there is one: the history keeps the name of that day."""
    return department_names().get(str(value), str(value))


def _departments(value: object) -> str:
    return _("、").join(map(_department, value if isinstance(value, list) else str(value).split("、")))


def _due(value: object) -> str:
    return times.until(datetime.fromisoformat(str(value)))


def _moment(value: object) -> str:
    return times.when(datetime.fromisoformat(str(value)))


def _day(value: object) -> str:
    return times.plain_day(date.fromisoformat(str(value)))


def _yes_no(value: object) -> str:
    return _("是") if value else _("否")


def _label_of(words: Mapping[str, LazyString]) -> Callable[[object], str]:
    return lambda value: str(words.get(str(value), value))


def _rating(value: object) -> str:
    return str(labels.SATISFACTIONS.get(int(str(value)), value))


def _size(value: object) -> str:
    return size_words(int(str(value)))


def _disposition(value: object) -> str:
    return disposition_label(str(value))


def _grounds(value: object) -> str:
    return _("、").join(str(labels.REJECTION_GROUNDS.get(str(one), one)) for one in cast(list[str], value))


_DETAILS: Mapping[str, tuple[LazyString, Callable[[object], str]]] = {
    "lead_name": (_l("主办单位"), _department),
    "responsible": (_l("责任人"), _plain),
    "assist": (_l("协办单位"), _departments),
    "due_at": (_l("到期"), _due),
    "by_itself": (_l("逾期未签，自动签收"), _yes_no),
    "disputed": (_l("争议单"), _yes_no),
    "ground": (_l("退单理由"), _label_of(labels.RETURN_GROUNDS)),
    "basis": (_l("依据"), _label_of(labels.RETURN_BASES)),
    "legal_basis": (_l("条款"), _plain),
    "suggested_name": (_l("应承办的单位"), _department),
    "decision_due_at": (_l("裁定期限"), _due),
    "designated_name": (_l("指定主办单位"), _department),
    "appeal": (_l("市民申请"), _label_of(APPEAL_KINDS)),
    "freely": (_l("自愿"), _yes_no),
    "times_reopened": (_l("第几次重新办理"), _plain),
    "because": (_l("因为"), _label_of(EVENTS)),
    "by_order": (_l("领导或审计决定"), _yes_no),
    "exceptional_ground": (_l("依据"), _label_of(GROUNDS)),
    "document": (_l("文号或日期"), _plain),
    "extension_ground": (_l("延期原因"), _label_of(labels.EXTENSION_GROUNDS)),
    "rejection_grounds": (_l("退回理由"), _grounds),
    "times_perfunctory": (_l("本工单被认定敷衍的次数"), _plain),
    "days": (_l("天数"), _plain),
    "level": (_l("督办级别"), _label_of(LEVELS)),
    "notice": (_l("文号"), _plain),
    "partners": (_l("联合督办单位"), _departments),
    "leader": (_l("批示领导"), _plain),
    "reply_by": (_l("答复期限"), _due),
    "correct_by": (_l("整改期限"), _due),
    "callback_at": (_l("下次拨打"), _moment),
    "due_before": (_l("原期限"), _due),
    "due_after": (_l("延期后"), _due),
    "plan": (_l("计划"), _plain),
    "review_at": (_l("复查日期"), _moment),
    "recheck_on": (_l("复查日"), _day),
    "is_mended": (_l("已整改到位"), _yes_no),
    "urgency": (_l("紧急程度"), _label_of(labels.URGENCIES)),
    "track": (_l("办理通道"), _label_of(labels.TRACKS)),
    "way": (_l("方式"), _label_of({**labels.CONTACT_WAYS, "mail": _l("回复邮件")})),
    "reached": (_l("联系上"), _yes_no),
    "receiver": (_l("交给"), _plain),
    "file": (_l("文件"), _plain),
    "speaker": (_l("谁的声音"), _label_of(labels.SPEAKERS)),
    "files": (_l("文件数"), _plain),
    "left_out": (_l("没有收取、在邮箱里的附件数"), _plain),
    "is_cut": (_l("信太长，后面的在邮箱里"), _yes_no),
    "bytes": (_l("大小"), _size),
    "purpose": (_l("用途"), _label_of(PURPOSES)),
    "visited_at": (_l("到现场的时间"), _moment),
    "visitors": (_l("谁去的"), _plain),
    "place": (_l("地点"), _plain),
    "found": (_l("现场情况"), _plain),
    "solved": (_l("已解决"), _yes_no),
    "satisfaction": (_l("评价"), _rating),
    "rating": (_l("评价"), _rating),
    "disposition": (_l("通话结果"), _disposition),
    "answer": (_l("答复"), _plain),
    "sound": (_l("答复正确"), _yes_no),
    "question": (_l("请补充"), _plain),
    "supplement": (_l("市民补充"), _plain),
    "unanswered": (_l("市民未在期限内补充"), _yes_no),
    "answer_by": (_l("补充期限"), _due),
    "code": (_l("不予受理的理由"), _label_of(labels.REFUSAL_CODES)),
    "told": (_l("告知市民"), _plain),
    "other_number": (_l("另一件工单"), _plain),
    "incident": (_l("突发事件"), _plain),
    "service": (_l("紧急服务"), _plain),
    "screening_class": (_l("初筛分类"), _label_of(labels.SCREENING_CLASSES)),
    "body": (_l("转交给"), _department),
    "coordinator": (_l("协调人"), _plain),
    "chair": (_l("主持人"), _plain),
    "departments": (_l("参加单位"), _departments),
    "receipt": (_l("回执"), _plain),
    "result": (_l("结果"), _plain),
    "attempts": (_l("已拨次数"), _plain),
    "line": (_l("表格的行"), _plain),
    "rule": (_l("原因"), _label_of(OUTGOING_REASONS)),
    "mail": (_l("内容"), _label_of(outgoing.KINDS)),
    "unsent_because": (_l("原因"), _label_of(outgoing.REASONS)),
}
