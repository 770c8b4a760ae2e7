"""Why the core refused, in the words of the supervisor who was refused."""

from agent_console.words import _
from hotline.call_plan.service import NoDraft, NoteMissing, PlanFaulty, StalePlan

REFUSALS = (StalePlan, NoDraft, NoteMissing, PlanFaulty)


def explain(refusal: Exception) -> str:
    """One sentence."""
    match refusal:
        case StalePlan(by=by) if by:
            return _("%(by)s 刚刚改过方案，您看到的不是最新的。下面是现在的样子，请看过再改。", by=by)
        case StalePlan():
            return _("方案刚刚被改过，您看到的不是最新的。下面是现在的样子，请看过再改。")
        case NoDraft():
            return _("草稿已经上线或被丢弃了。")
        case NoteMissing():
            return _("请写明为什么改。")
    return _("方案里还有错误，不能上线。请先改好标红的地方。")
