"""Where a call comes from, in words: the number dialled, the language, and what it has passed on its way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from agent_console.call_plan.sections import name_of
from agent_console.department_names import unit_name
from agent_console.language import is_english
from agent_console.obstacles import OUTGOING_REASONS
from agent_console.words import _
from hotline.call_plan import queries
from hotline.call_plan.document import LeaderSlot, Plan
from hotline.calls.models import Call, CallState
from hotline.calls.rules import OutgoingRefused, plain
from hotline.calls.way import Passed, WayKind
from hotline.config import Settings
from hotline.directory.models import DutyPhone
from hotline.directory.queries import every_phone
from hotline.queueing.queries import skills


@dataclass(frozen=True)
class Origin:
    """What an agent sees of one call; the texts are empty where there is nothing to say."""

    line: str
    tongue: str
    way: Sequence[str]
    phone: str = ""
    """Whose telephone, no seat's, rings or has answered: the leader, or the department on duty."""


class Origins:
    """Of many calls, by one reading of plan and skills."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._plan: Plan = queries.live_plan(session, settings).plan
        self._session = session
        self._skills = {one.code: one.name_en if is_english() else one.name_zh for one in skills(session)}

    def of(self, call: Call) -> Origin:
        """A number that the plan has no more is shown bare."""
        tongue = self._plan.tongue(call.tongue) if call.tongue else None
        return Origin(
            self._line(call.dialled),
            name_of(tongue) if tongue else call.tongue,
            [_TELLERS[entry["kind"]](self, entry) for entry in call.way if not self._is_to_come(call, entry)],
            self._whose(call) if call.phone else "",
        )

    def _is_to_come(self, call: Call, entry: Passed) -> bool:
        """The leader is about to be rung, is rung, or talks: nobody has passed the call on."""
        is_leaders = entry["kind"] == WayKind.LEADER
        return is_leaders and (call.state is CallState.GREETING or self._slot(call) is not None)

    def _whose(self, call: Call) -> str:
        """As plan and directory have it; a telephone that is in neither, by its number."""
        if slot := self._slot(call):
            unit = unit_name(slot.department)
            name = slot.leader
            return (
                _("领导 %(name)s（%(unit)s）", name=name, unit=unit)
                if unit
                else _("领导 %(name)s", name=name)
            )
        if listed := next((one for one in every_phone(self._session) if _same(one, call.phone)), None):
            return _on_duty(unit_name(listed.department.code), listed.label)
        line = self._plan.line(call.dialled)
        return _on_duty(unit_name(line.department) if line and line.department else "", call.phone)

    def _slot(self, call: Call) -> LeaderSlot | None:
        """The leader's, whose telephone the call is at."""
        names = {entry["name"] for entry in call.way if entry["kind"] == WayKind.LEADER}
        at_phone = (slot for slot in self._plan.leaders if call.phone and slot.phone == call.phone)
        return next((slot for slot in at_phone if slot.leader in names), None)

    def _line(self, number: str) -> str:
        line = self._plan.line(number)
        return f"{number} {name_of(line)}" if line else number

    def leader(self, entry: Passed) -> str:
        """A leader's slot; the call was outside the scope, or the leader did not take it."""
        name, scope = entry["name"], entry["scope"]
        return _("%(name)s接听时段（%(scope)s）转来", name=name, scope=scope or _("不限"))

    def heard(self, entry: Passed) -> str:
        """The leader answered before the caller waited for agents."""
        return _("领导已经接听过")

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
    WayKind.HEARD: Origins.heard,
    WayKind.LINE: Origins.other_line,
    WayKind.SKILL: Origins.skill,
    WayKind.PHONE: Origins.phone,
    WayKind.REFUSED: Origins.refused,
}


def _on_duty(*words: str) -> str:
    return _("值班电话 %(whose)s", whose=" ".join(filter(None, words)))


def _same(listed: DutyPhone, phone: str) -> bool:
    """Whether the directory's telephone, as somebody wrote it, is this one."""
    try:
        return plain(listed.phone) == phone
    except OutgoingRefused:
        return False


def origin_of(session: Session, settings: Settings, call: Call) -> Origin:
    """Of one call."""
    return Origins(session, settings).of(call)
