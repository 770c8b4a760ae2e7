"""Which help page belongs to which place of the console.

The pages are `templates/help/<language>/<topic>.html`.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from agent_console.words import LazyString, _l


class Topic(NamedTuple):
    """A help page: its title, and the pages that it is about, most of them places of the bar."""

    title: LazyString
    endpoints: tuple[str, ...]


TOPICS: Mapping[str, Topic] = {
    "desk": Topic(_l("接线台"), ("desk.desk",)),
    "board": Topic(_l("实时看板和大屏"), ("board.board",)),
    "directory": Topic(_l("值班电话"), ("directory.directory",)),
    "tickets": Topic(_l("工单页"), ("tickets.ticket", "dossiers.dossiers")),
    "search": Topic(_l("搜索"), ("search.search",)),
    "intake": Topic(_l("来件登记、网上来件"), ("intake.new", "intake.web")),
    "imports": Topic(_l("批量导入"), ("imports.listed",)),
    "screening": Topic(
        _l("初筛、待补充、不予受理"), ("screening.queue", "screening.waiting", "refusing.queue")
    ),
    "merging": Topic(_l("并单、多次催办、并单未解决"), ("merging.reminded", "merging.queue")),
    "sealing": Topic(_l("纪检线索和密封件"), ("sealing.leads", "sealing.envelopes")),
    "referrals": Topic(_l("转交件"), ("referrals.queue",)),
    "coordination": Topic(_l("协调与报领导"), ("coordination.queue",)),
    "dispatch": Topic(
        _l("派单、退单、延期、挂起"),
        ("dispatch.queue", "returns.queue", "extensions.queue", "suspension.queue"),
    ),
    "routing": Topic(_l("派单目录和诉求分类"), ("routing.listed",)),
    "incidents": Topic(_l("突发事件"), ("incidents.listed",)),
    "unit": Topic(_l("承办和本单位督办"), ("replies.unit_queue", "supervision.unit")),
    "review": Topic(_l("审核和直接答复复核"), ("review.queue", "answering.queue", "review.words")),
    "follow_up": Topic(_l("回访和重办"), ("follow_up.queue", "follow_up.rework_queue")),
    "appeals": Topic(_l("市民申请：撤回、重新办理、异议"), ("appeals.queue",)),
    "callbacks": Topic(_l("回电与留言"), ("callbacks.listed",)),
    "findings": Topic(_l("录音核对"), ("findings.listed",)),
    "supervision": Topic(_l("督办和领导批示"), ("supervision.listed", "supervision.instructions_listed")),
    "inspections": Topic(_l("明查暗访"), ("inspections.listed", "inspections.unit")),
    "joint": Topic(_l("媒体联合督办"), ("joint.listed",)),
    "campaigns": Topic(_l("排查与清理"), ("campaigns.listed",)),
    "call_plan": Topic(
        _l("来电方案、技能组、语音提示"), ("call_plan.overview", "queueing.listed", "prompts.start")
    ),
    "roster": Topic(_l("排班"), ("roster.week",)),
    "lines": Topic(_l("线路使用和领导接听"), ("lines.use",)),
    "staffing": Topic(_l("人手测算"), ("staffing.calculator",)),
    "harassment": Topic(_l("骚扰来电"), ("harassment.listed",)),
    "staff": Topic(_l("开通检查、人员与单位、地名表"), ("staff.listed", "setup.steps", "gazetteer.listed")),
    "audit": Topic(_l("审计和谁看过"), ("monitoring.audit", "viewing.views")),
    "retention": Topic(_l("保存期限"), ("retention.overview",)),
    "knowledge": Topic(_l("知识库"), ("knowledge.listed",)),
    "deadlines": Topic(_l("期限计算和时限方案"), ("deadlines.calculator",)),
    "account": Topic(_l("我的账号"), ("account.overview",)),
}
OUTSIDE_THE_BAR = ("tickets", "search", "account")
"""Topics of pages that everybody comes to from elsewhere."""
OF_ENDPOINT: Mapping[str, str] = MappingProxyType(
    {endpoint: name for name, topic in TOPICS.items() for endpoint in topic.endpoints}
)
_OF_BLUEPRINT: Mapping[str, str] = MappingProxyType(
    {endpoint.partition(".")[0]: OF_ENDPOINT[endpoint] for endpoint in reversed(list(OF_ENDPOINT))}
)
"""For pages that lie behind a place; where a blueprint has several, of the first one."""


def topic_of(endpoint: str | None) -> str | None:
    """The topic of a page, or None if none is about it."""
    if endpoint is None:
        return None
    return OF_ENDPOINT.get(endpoint) or _OF_BLUEPRINT.get(endpoint.partition(".")[0])


def topics_of(endpoints: Iterable[str]) -> list[str]:
    """The topics of these places, each once, in their order."""
    return list(dict.fromkeys(OF_ENDPOINT[one] for one in endpoints if one in OF_ENDPOINT))
