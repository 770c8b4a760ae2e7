"""Where a call comes from, in words: the number dialled, the language, and what it has passed on its way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from agent_console.call_plan.sections import name_of
from agent_console.language import is_english
from agent_console.obstacles import OUTGOING_REASONS
from agent_console.words import _
from hotline.call_plan import queries
from hotline.call_plan.document import Plan
from hotline.calls.models import Call
from hotline.calls.way import Passed, WayKind
from hotline.config import Settings
from hotline.queueing.queries import skills


@dataclass(frozen=True)
class Origin:
    """What an agent sees of one call; the texts are empty where there is nothing to say."""

    line: str
    tongue: str
    way: Sequence[str]


class Origins:
    """Of many calls, by one reading of plan and skills."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._plan: Plan = queries.live_plan(session, settings).plan
        self._skills = {one.code: one.name_en if is_english() else one.name_zh for one in skills(session)}

    def of(self, call: Call) -> Origin:
        """A number that the plan has no more is shown bare."""
        tongue = self._plan.tongue(call.tongue) if call.tongue else None
        return Origin(
            self._line(call.dialled),
            name_of(tongue) if tongue else call.tongue,
            [_TELLERS[entry["kind"]](self, entry) for entry in call.way],
        )

    def _line(self, number: str) -> str:
        line = self._plan.line(number)
        return f"{number} {name_of(line)}" if line else number

    def leader(self, entry: Passed) -> str:
        """A leader's slot; the call was outside the scope, or the leader did not take it."""
        name, scope = entry["name"], entry["scope"]
        return _("%(name)s接听时段（%(scope)s）转来", name=name, scope=scope or _("不限"))

    def other_line(self, entry: Passed) -> str:
        """Nobody was on there."""
        return _("下班转到 %(line)s", line=self._line(entry["number"]))

    def skill(self, entry: Passed) -> str:
        """Those with the skill were busy."""
        return _("先等过“%(skill)s”坐席", skill=self._skills.get(entry["skill"], entry["skill"]))

    def phone(self, entry: Passed) -> str:
        """A duty telephone."""
        return _("值班电话没有接")

    def refused(self, entry: Passed) -> str:
        """A duty telephone that may not be called."""
        return _("值班电话没有拨：%(reason)s", reason=str(OUTGOING_REASONS[entry["reason"]]))


_TELLERS: Mapping[str, Callable[[Origins, Passed], str]] = {
    WayKind.LEADER: Origins.leader,
    WayKind.LINE: Origins.other_line,
    WayKind.SKILL: Origins.skill,
    WayKind.PHONE: Origins.phone,
    WayKind.REFUSED: Origins.refused,
}


def origin_of(session: Session, settings: Settings, call: Call) -> Origin:
    """Of one call."""
    return Origins(session, settings).of(call)
