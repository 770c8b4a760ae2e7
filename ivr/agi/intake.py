"""Script `intake`: the call plan decides, and a call becomes a contact and a draft ticket before the first
prompt. Asked again with the keys that were pressed during the greeting or while waiting."""

from collections.abc import Sequence
from datetime import timedelta

from hotline.call_plan.decision import Banner, Decision, Incoming, Route, StepKind, decide
from hotline.call_plan.phones import within_rules
from hotline.calls.rules import Reason
from hotline.calls.service import OpenedCall, leg_started, open_call
from hotline.calls.way import Passed, WayKind, passed, planned
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.harassment.service import is_barred
from hotline.queueing.service import place
from hotline.transcripts.notices import notice_given
from ivr import variables
from ivr.agi.live_plan import LivePlanReader, Present
from ivr.agi.script import AgiCall
from ivr.agi.wait import other_queues, steps
from ivr.banner import ready_banner
from ivr.moment import began_at

_WAITS = (Route.QUEUE, Route.LEADER)


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
        decision, refused = within_rules(self._context, decision, present.phones)
        try:
            opened = None if decision.route is Route.UNKNOWN else self._open(call, dialled)
        finally:  # also while the database is away, the caller goes where the plan says
            self._tell_way(call, present, decision)
        if opened is not None:
            self._note_notice(opened, present, decision)
            self._tell_identities(call, opened)
            if self._bar(call):
                return
            self._tell_place(call, opened, decision)
            planned(self._context, opened.call_id, decision.tongue, _way(decision, refused))

    def _decide(self, present: Present, dialled: str, keys: str) -> Decision:
        settings = self._context.settings
        banner = Banner(ready_banner(settings, present.surge)) if present.surge else None
        at = self._context.now().astimezone(settings.zone)
        incoming = Incoming(at, dialled, keys=keys, surge=banner)
        return decide(present.live.plan, incoming, self._calendar)

    def _open(self, call: AgiCall, dialled: str) -> OpenedCall:
        linkedid = call.read_variable(variables.LINKEDID)
        number = call.read_variable(variables.CALLER_NUMBER)
        opened = open_call(self._context, linkedid, number or None, dialled, began_at(linkedid))
        leg_started(self._context, linkedid, linkedid, call.read_variable(variables.CHANNEL))
        return opened

    def _note_notice(self, opened: OpenedCall, present: Present, decision: Decision) -> None:
        """Which prompts this caller hears before the talk is recorded: kept with the call."""
        notice_given(
            self._context,
            opened.call_id,
            decision.language,
            decision.tongue,
            present.live.version,
            decision.prompts,
        )

    def _bar(self, call: AgiCall) -> bool:
        """Send a barred caller to the message box: no key leads elsewhere. True if the caller is one."""
        if not is_barred(self._context, call.read_variable(variables.CALLER_NUMBER)):
            return False
        call.write_variable(variables.PLAN_ROUTE, variables.BARRED)
        for name in variables.PLAN_KEY.values():
            call.write_variable(name, "")
        return True

    def _tell_way(self, call: AgiCall, present: Present, decision: Decision) -> None:
        seats = present.phones.seats
        orders = _orders(decision, seats)
        if decision.route in _WAITS:
            longest = self._context.settings.queue_timeout_seconds
            orders[variables.WAIT_STEPS] = steps(decision.overflow, seats, longest)
        for name, value in orders.items():
            call.write_variable(name, value)
        call.write_variable(variables.PLAN_VERSION, str(present.live.version))

    def _tell_identities(self, call: AgiCall, opened: OpenedCall) -> None:
        call.write_variable(variables.CONTACT, str(opened.contact_id))
        call.write_variable(variables.TICKET, str(opened.ticket_id))
        call.write_variable(variables.INTAKE, variables.INTAKE_OPENED)

    def _tell_place(self, call: AgiCall, opened: OpenedCall, decision: Decision) -> None:
        """The line's priority is minutes of waiting."""
        plans = timedelta(minutes=decision.line.priority if decision.line else 0)
        found = place(self._context, opened.call_id, decision.skill, plans)
        call.write_variable(variables.LINE, found.queue)
        call.write_variable(variables.HEAD_START, str(found.head_start_seconds))
        call.write_variable(variables.OVERFLOW, other_queues(decision.overflow, found.overflow_seconds))


def _orders(decision: Decision, seats: frozenset[str]) -> dict[str, str]:
    """What the decision means for the dialplan, by variable. Nothing for what stays as set up."""
    orders = {variables.PLAN_ROUTE: decision.route.value}
    if decision.route is Route.UNKNOWN:
        return orders
    orders[variables.GREETING] = "&".join(decision.prompts)
    orders[variables.CALL_LANGUAGE] = decision.language
    orders[variables.CALL_TONGUE] = decision.tongue
    orders[variables.DUTY_PHONE] = decision.phone
    orders[variables.DUTY_SEAT] = _yes(decision.phone in seats)
    orders[variables.KEYS_PROMPT] = decision.keys_prompt
    orders |= {variables.PLAN_KEY[key]: shortcut.deed.value for key, shortcut in decision.keys.items()}
    return {name: value for name, value in orders.items() if value}


def _way(decision: Decision, refused: Sequence[Reason]) -> list[Passed]:
    """What an agent who gets the call should know of it."""
    way = [passed(WayKind.REFUSED, reason=reason.value) for reason in refused]
    if decision.leader is not None:
        way.append(passed(WayKind.LEADER, name=decision.leader.leader, scope=decision.leader.scope))
    led_to = [step.facts["number"] for step in decision.steps if step.kind is StepKind.TO_LINE]
    return [*(passed(WayKind.LINE, number=number) for number in led_to), *way]


def _yes(so: bool) -> str:
    return variables.YES if so else ""
