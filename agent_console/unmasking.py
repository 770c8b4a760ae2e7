"""The number of a call in full, where it stands masked in a list."""

from agent_console.house import acting_context
from agent_console.refusals import explain
from agent_console.words import _
from hotline.people.actors import NotPermitted
from hotline.viewing.service import UnmaskingRefused, unmask_call


def unmask_number(call_id: int, reason: str) -> str:
    """Show it to whoever is signed in for a while. Returns why not, or nothing."""
    try:
        unmask_call(acting_context(), call_id, reason)
    except UnmaskingRefused:
        return _("请写明为什么要看号码。")
    except NotPermitted as refusal:
        return explain(refusal)
    return ""
