"""How the live text of a call stands, in words: what it means for the agent, and that nothing is lost."""

from agent_console.labels import Labels
from agent_console.live_feed import AWAY
from agent_console.words import _l
from hotline.live_text.rules import CallText

STATES: Labels = {
    CallText.STARTING: _l("正在接通实时文字…"),
    CallText.BEHIND: _l("正在追赶，文字会晚几秒。"),
    CallText.PAUSED: _l("录音已暂停，这一段不转成文字。"),
    CallText.SHED: _l("实时文字暂停：系统繁忙，通话结束后仍有完整文字。"),
    AWAY: _l("实时文字暂时中断，正在自动恢复；通话不受影响，结束后仍有完整文字。"),
}
"""All but the state in which there is nothing to say."""
