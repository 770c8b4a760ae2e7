"""The places of the console, and who finds which in the bar."""

from typing import NamedTuple

from flask import g, request
from flask_login import current_user

from agent_console.words import _
from hotline.appeals.rules import CHECKERS, JUDGES
from hotline.campaigns.rules import RUNNERS as CAMPAIGN_RUNNERS
from hotline.consistency.service import REVIEWERS
from hotline.coordination.rules import COORDINATORS
from hotline.dispatch.catalogue import READERS as ROUTING_READERS
from hotline.imports.rules import READERS as IMPORT_READERS
from hotline.incidents.rules import READERS as INCIDENT_READERS
from hotline.inspections.rules import RECORDERS as INSPECTORS
from hotline.joint.rules import OPENERS as JOINT_OPENERS
from hotline.joint.rules import PARTNER_ROLES
from hotline.knowledge.rules import READERS as KNOWLEDGE_READERS
from hotline.people.actors import Role
from hotline.review.wording import EDITORS as WORD_EDITORS
from hotline.roster.service import READERS as ROSTER_READERS
from hotline.screening.asking import WRITERS
from hotline.supervision.rules import INSTRUCTORS
from hotline.tickets.privacy import BODY_ROLES, HOTLINE_ROLES, OFFICE_ROLES

BOARD_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.DIRECTOR)
SHOWN = 7
"""More places than these fit no bar: the others lie behind a menu beside it."""
UNIT_ROLES = (Role.HANDLER, Role.UNIT_REVIEWER)
REFERRAL_ROLES = (*BODY_ROLES, Role.SCREENER, Role.SUPERVISOR, Role.DIRECTOR)
"""Auditors may open it, too, and begin elsewhere."""
CALCULATOR_ROLES = (*HOTLINE_ROLES, Role.ADMINISTRATOR)


class Entry(NamedTuple):
    """A place in the bar."""

    endpoint: str
    label: str
    roles: tuple[Role, ...]

    @property
    def is_here(self) -> bool:
        """Whether the present page is this place, or lies behind it, as `call_plan.draft` does."""
        return self is _here()


def _here() -> Entry | None:
    """The present page itself, else the first place of its blueprint, through which it is reached."""
    if "here" not in g:
        places = entries()
        itself = [place for place in places if place.endpoint == request.endpoint]
        beside = [place for place in places if place.endpoint.partition(".")[0] == request.blueprint]
        g.here = next(iter(itself + beside), None)
    here: Entry | None = g.here
    return here


def entries() -> list[Entry]:
    """The places of whoever is signed in, in the order of a ticket's life. The first one is their home.

    Looked up once a request: its first page, its bar and its help all ask.
    """
    held: frozenset[Role] = current_user.actor.roles
    known: dict[frozenset[Role], list[Entry]] = g.setdefault("places", {})
    if held not in known:
        known[held] = _found()
    return known[held]


def _found() -> list[Entry]:
    places = [
        Entry("desk.desk", _("接线台"), (Role.AGENT,)),
        Entry("board.board", _("实时看板"), BOARD_ROLES),
        Entry("directory.directory", _("值班电话"), (Role.AGENT, Role.SUPERVISOR)),
        Entry("screening.queue", _("初筛"), (Role.SCREENER, Role.MEDIA_SCREENER)),
        Entry("referrals.queue", _("转交件"), REFERRAL_ROLES),
        Entry("sealing.leads", _("纪检线索"), (Role.DISCIPLINE,)),
        Entry("dispatch.queue", _("派单"), (Role.DISPATCHER,)),
        Entry("incidents.listed", _("突发事件"), INCIDENT_READERS),
        Entry("returns.queue", _("退单"), (Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR)),
        Entry("extensions.queue", _("延期"), (Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR)),
        Entry("suspension.queue", _("挂起"), (Role.SUPERVISOR, Role.DIRECTOR)),
        Entry("replies.unit_queue", _("承办"), UNIT_ROLES),
        Entry("review.queue", _("审核"), (Role.REVIEWER,)),
        Entry("supervision.unit", _("本单位督办"), UNIT_ROLES),
        Entry("answering.queue", _("直接答复复核"), (Role.REVIEWER, Role.SUPERVISOR)),
        Entry("follow_up.queue", _("回访"), (Role.CALLBACK_AGENT,)),
        Entry("screening.waiting", _("待补充"), (Role.SCREENER, *WRITERS)),
        Entry("refusing.queue", _("不予受理"), (Role.SCREENER, Role.SUPERVISOR, *WRITERS)),
        Entry("findings.listed", _("录音核对"), REVIEWERS),
        Entry("callbacks.listed", _("回电与留言"), (Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR)),
        Entry("intake.new", _("来件登记"), (Role.AGENT, Role.MEDIA_SCREENER)),
        Entry("intake.web", _("网上来件"), (Role.AGENT, Role.SCREENER)),
        Entry("imports.listed", _("批量导入"), IMPORT_READERS),
        Entry("appeals.queue", _("市民申请"), (*JUDGES, *CHECKERS)),
        Entry("follow_up.rework_queue", _("重办"), (Role.SUPERVISOR,)),
        Entry("merging.reminded", _("多次催办"), (Role.SUPERVISOR,)),
        Entry("merging.queue", _("并单未解决"), (Role.SUPERVISOR,)),
        Entry("supervision.listed", _("督办"), (Role.SUPERVISOR, Role.DIRECTOR, *OFFICE_ROLES)),
        Entry("supervision.instructions_listed", _("领导批示"), INSTRUCTORS),
        Entry("coordination.queue", _("协调与报领导"), (*COORDINATORS, Role.LEADER)),
        Entry("inspections.listed", _("明查暗访"), (*INSPECTORS, Role.GOVERNMENT_OFFICE, Role.LEADER)),
        Entry("joint.listed", _("媒体联合督办"), (*JOINT_OPENERS, *PARTNER_ROLES)),
        Entry("campaigns.listed", _("排查与清理"), (*CAMPAIGN_RUNNERS, *OFFICE_ROLES, *UNIT_ROLES)),
        Entry("inspections.unit", _("检查通报"), UNIT_ROLES),
        Entry("staff.listed", _("人员与单位"), (Role.ADMINISTRATOR,)),
        Entry("setup.steps", _("开通检查"), (Role.ADMINISTRATOR,)),
        Entry("routing.listed", _("派单目录"), ROUTING_READERS),
        Entry("queueing.listed", _("技能组"), (Role.SUPERVISOR,)),
        Entry("call_plan.overview", _("来电方案"), (Role.SUPERVISOR,)),
        Entry("roster.week", _("排班"), ROSTER_READERS),
        Entry("lines.use", _("线路使用"), (Role.SUPERVISOR, Role.DIRECTOR)),
        Entry("staffing.calculator", _("人手测算"), (Role.SUPERVISOR, Role.DIRECTOR)),
        Entry("prompts.start", _("语音提示"), (Role.SUPERVISOR, Role.ADMINISTRATOR)),
        Entry("review.words", _("敷衍用语表"), WORD_EDITORS),
        Entry("gazetteer.listed", _("地名表"), (Role.SUPERVISOR, Role.ADMINISTRATOR)),
        Entry("harassment.listed", _("骚扰来电"), (Role.AGENT, Role.SUPERVISOR)),
        Entry("monitoring.audit", _("审计"), (Role.SUPERVISOR, Role.AUDITOR)),
        Entry("viewing.views", _("谁看过"), (Role.AUDITOR,)),
        Entry("sealing.envelopes", _("密封件"), (Role.SCREENER, Role.DIRECTOR, Role.AUDITOR)),
        Entry("retention.overview", _("保存期限"), (Role.AUDITOR,)),
        Entry("knowledge.listed", _("知识库"), KNOWLEDGE_READERS),
        Entry("deadlines.calculator", _("期限计算"), CALCULATOR_ROLES),
    ]
    mine = [entry for entry in places if current_user.has(*entry.roles)]
    return mine or [Entry("welcome.welcome", _("首页"), tuple(current_user.actor.roles))]


def in_bar_and_menu() -> tuple[list[Entry], list[Entry]]:
    """The places in the bar, and those in the menu beside it: never one alone, which would fit as well."""
    places = entries()
    return (places, []) if len(places) <= SHOWN + 1 else (places[:SHOWN], places[SHOWN:])
