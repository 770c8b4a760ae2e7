"""Script `intake`: the call plan decides, and a call becomes a contact and a draft ticket before the first
prompt. Asked again with the keys that were pressed during the greeting or while waiting."""

from collections.abc import Sequence
from datetime import timedelta

from hotline.call_plan.decision import Banner, Decision, Incoming, Route, Waypoint, decide
from hotline.call_plan.document import OverflowTo
from hotline.calls.service import OpenedCall, leg_started, open_call
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.harassment.service import is_barred
from hotline.queueing.service import place
from ivr import variables
from ivr.agi.live_plan import LivePlanReader, Present
from ivr.agi.script import AgiCall
from ivr.banner import ready_banner

_ENDS = (OverflowTo.DUTY, OverflowTo.MESSAGE)


class Intake:
    """Commits contact, draft ticket and call, and tells the dialplan their identities and the way."""

    name = "intake"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._plans = LivePlanReader(context.settings)
        self._calendar = ChineseCalendar()

    def execute(self, call: AgiCall) -> None:
        dialled = call.read_variable(variables.DIALLED_NUMBER) or self._context.settings.hotline_number
        present = self._plans.read(self._context)
        decision = self._decide(present, dialled, keys=next(iter(call.arguments), ""))
        try:
            opened = None if decision.route is Route.UNKNOWN else self._open(call, dialled)
        finally:  # also while the database is away, the caller goes where the plan says
            self._tell_way(call, present, decision)
        if opened is not None:
            self._tell_identities(call, opened)
            if self._bar(call):
                return
            self._tell_place(call, opened, decision)

    def _decide(self, present: Present, dialled: str, keys: str) -> Decision:
        settings = self._context.settings
        banner = Banner(ready_banner(settings, present.surge)) if present.surge else None
        at = self._context.now().astimezone(settings.zone)
        incoming = Incoming(at, dialled, keys=keys, surge=banner)
        return decide(present.live.plan, incoming, self._calendar)

    def _open(self, call: AgiCall, dialled: str) -> OpenedCall:
        linkedid = call.read_variable(variables.LINKEDID)
        number = call.read_variable(variables.CALLER_NUMBER)
        opened = open_call(self._context, linkedid, number or None, dialled)
        leg_started(self._context, linkedid, linkedid, call.read_variable(variables.CHANNEL))
        return opened

    def _bar(self, call: AgiCall) -> bool:
        """Send a barred caller to the message box: no key leads elsewhere. True if the caller is one."""
        if not is_barred(self._context, call.read_variable(variables.CALLER_NUMBER)):
            return False
        call.write_variable(variables.PLAN_ROUTE, variables.BARRED)
        for name in variables.PLAN_KEY.values():
            call.write_variable(name, "")
        return True

    def _tell_way(self, call: AgiCall, present: Present, decision: Decision) -> None:
        for name, value in _orders(decision, present.seats).items():
            call.write_variable(name, value)
        call.write_variable(variables.PLAN_VERSION, str(present.live.version))

    def _tell_identities(self, call: AgiCall, opened: OpenedCall) -> None:
        call.write_variable(variables.CONTACT, str(opened.contact_id))
        call.write_variable(variables.TICKET, str(opened.ticket_id))
        call.write_variable(variables.INTAKE, variables.INTAKE_OPENED)

    def _tell_place(self, call: AgiCall, opened: OpenedCall, decision: Decision) -> None:
        """The plan's own "wider" step goes before the skill's; the line's priority is minutes of waiting."""
        plans = timedelta(minutes=decision.line.priority if decision.line else 0)
        found = place(self._context, opened.call_id, decision.skill, plans)
        wider = _first(decision.overflow, OverflowTo.WIDER)
        seconds = wider.after_seconds if wider else found.overflow_seconds
        call.write_variable(variables.LINE, found.queue)
        call.write_variable(variables.HEAD_START, str(found.head_start_seconds))
        call.write_variable(variables.OVERFLOW, "" if seconds is None else str(seconds))


def _orders(decision: Decision, seats: frozenset[str]) -> dict[str, str]:
    """What the decision means for the dialplan, by variable. Nothing for what stays as set up."""
    orders = {variables.PLAN_ROUTE: decision.route.value}
    if decision.route is Route.UNKNOWN:
        return orders
    end = _first(decision.overflow, *_ENDS)
    orders[variables.GREETING] = "&".join(decision.prompts)
    orders[variables.CALL_LANGUAGE] = decision.language
    orders[variables.CALL_TONGUE] = decision.tongue
    orders[variables.DUTY_PHONE] = decision.phone
    orders[variables.DUTY_SEAT] = _yes(decision.phone in seats)
    orders[variables.LONGEST_WAIT] = str(end.after_seconds) if end else ""
    orders[variables.KEYS_PROMPT] = decision.keys_prompt
    orders[variables.OVERFLOW_PHONE] = end.phone if end else ""
    orders[variables.OVERFLOW_SEAT] = _yes(end is not None and end.phone in seats)
    orders[variables.SHORT_INTAKE] = variables.YES if decision.short_intake else ""
    orders |= {variables.PLAN_KEY[key]: shortcut.deed.value for key, shortcut in decision.keys.items()}
    return {name: value for name, value in orders.items() if value}


def _first(overflow: Sequence[Waypoint], *to: OverflowTo) -> Waypoint | None:
    return next((point for point in overflow if point.to in to), None)


def _yes(so: bool) -> str:
    return variables.YES if so else ""
