"""The words of a matter's four stages, for the console and for citizens."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.tickets.four_stages import Mark, Part

PARTS: Labels = {
    Part.ACCEPTED: _l("受理"),
    Part.HANDLED: _l("部门办理"),
    Part.ANSWERED: _l("反馈"),
    Part.SUPERVISED: _l("监督"),
}
CITIZENS_PARTS: Labels = {
    Part.ACCEPTED: _l("受理"),
    Part.HANDLED: _l("部门办理"),
    Part.ANSWERED: _l("答复"),
    Part.SUPERVISED: _l("热线核实"),
}
MARKS: Labels = {
    Mark.DONE: _l("已完成"),
    Mark.NOW: _l("进行中"),
    Mark.AHEAD: _l("还没到"),
    Mark.NONE: _l("不经过"),
}
SIGNS = {Mark.DONE: "✓", Mark.NOW: "●", Mark.AHEAD: "○", Mark.NONE: "–"}
"""Beside the words, for whoever looks from afar."""
