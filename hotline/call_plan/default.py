"""The plan that holds while nobody has written another: `default.toml`."""

import tomllib
from functools import cache
from importlib import resources

from hotline.call_plan.document import Plan

_FILE = "default.toml"


def default_plan(number: str, longest_wait_seconds: int | None = None) -> Plan:
    """The default plan for the hotline's own number; the message box comes after `longest_wait_seconds`."""
    plan = _packaged()
    [line] = plan.lines
    [overflow] = plan.overflows
    *before, last = overflow.steps
    if longest_wait_seconds is not None:
        before = [step for step in before if step.after_seconds < longest_wait_seconds]
        last = last.model_copy(update={"after_seconds": longest_wait_seconds})
    steps = overflow.model_copy(update={"steps": (*before, last)})
    return plan.model_copy(
        update={"lines": (line.model_copy(update={"number": number}),), "overflows": (steps,)}
    )


@cache
def _packaged() -> Plan:
    text = (resources.files("hotline.call_plan") / _FILE).read_text(encoding="utf-8")
    return Plan.model_validate(tomllib.loads(text))
