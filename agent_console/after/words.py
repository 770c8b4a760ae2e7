"""Dispositions, ends of calls and people of a call in the reader's language."""

from collections.abc import Mapping

from agent_console.language import is_english
from agent_console.words import LazyString, _, _l
from hotline.calls.models import Call, CallEnd, CallLeg
from hotline.calls.outcome import dispositions

CALL_ENDS: Mapping[str, LazyString] = {
    CallEnd.TALKED: _l("已通话"),
    CallEnd.ABANDONED: _l("接通前挂断"),
    CallEnd.UNANSWERED: _l("无人接听"),
    CallEnd.CUT_OFF: _l("通话中断"),
    CallEnd.CALLBACK: _l("要求回电"),
}
_LEG_ROLES: Mapping[str, LazyString] = {
    "caller": _l("市民"),
    "agent": _l("坐席"),
    "third": _l("第三方"),
    "supervisor": _l("督办员"),
}


def disposition_choices() -> list[tuple[str, str]]:
    """Codes with their words, in the list's order."""
    return [(entry.code, entry.en if is_english() else entry.zh) for entry in dispositions()]


def disposition_label(code: str) -> str:
    """The words of a code; one that is on the list no more stands for itself."""
    return dict(disposition_choices()).get(code, code)


def call_end_label(call: Call) -> str:
    """How a call came to its end; who left a message has not just hung up."""
    end = str(CALL_ENDS.get(call.end or "", ""))
    if call.message_left_at is None:
        return end
    return _("没等到人接，留了言") if call.end is CallEnd.ABANDONED else _("%(end)s，留了言", end=end)


def leg_label(leg: CallLeg) -> str:
    """`坐席 1001 王丽`: who a leg of a call is. Nobody's number but a seat's."""
    role = str(_LEG_ROLES.get(leg.role, _("第三方")))
    named = (role, leg.extension or "", leg.agent.display_name if leg.agent else "")
    return " ".join(word for word in named if word)
