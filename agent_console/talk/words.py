"""Refusals and states of a conversation in words."""

from collections.abc import Mapping

from agent_console.house import house
from agent_console.words import LazyString, _l
from hotline.conversations.models import PartyEnd, PartyKind, PartyState, RelayState
from hotline.conversations.rules import Phase, Refusal

REFUSAL_WORDS: Mapping[Refusal, LazyString] = {
    Refusal.NOT_YOURS: _l("这不是您正在接的电话。"),
    Refusal.OVER: _l("通话已经结束。"),
    Refusal.CALLER_LEFT: _l("市民已经挂断。"),
    Refusal.NOT_ANSWERED: _l("对方还没有接听，请稍等。"),
    Refusal.ALREADY_HELD: _l("市民已在等待，请先恢复通话。"),
    Refusal.NOT_HELD: _l("市民没有在等待。"),
    Refusal.CONSULTING: _l("您正在与第三方通话，请先合并、转接或返回市民。"),
    Refusal.NOT_CONSULTING: _l("您没有在与第三方通话。"),
    Refusal.SOMEBODY_RINGS: _l("正在呼叫对方，请等对方接听，或先取消。"),
    Refusal.NOBODY_ELSE: _l("通话里没有别的人。"),
    Refusal.FULL: _l("通话里已有别的人，不能这样做。最多六方通话。"),
    Refusal.BAD_KEYS: _l("按键只能是数字、* 和 #，最多二十个。"),
    Refusal.NOT_IN_CALL: _l("这个人不在通话里。"),
    Refusal.UNKNOWN_TARGET: _l("没有这个转接对象，请从列表里选择。"),
    Refusal.YOURSELF: _l("不能转给自己。"),
    Refusal.TARGET_BUSY: _l("对方正忙，请换一个人。通话没有变化。"),
    Refusal.TARGET_AWAY: _l("对方不在线，请换一个人。通话没有变化。"),
    Refusal.NOBODY_ON_DUTY: _l("这个单位现在没有人值班，请换一个电话。"),
    Refusal.NOT_ALLOWED: _l("不能拨打这个号码。"),
    Refusal.NOT_A_NUMBER: _l("这不是一个电话号码。"),
    Refusal.NOT_AT_THIS_HOUR: _l("现在不是外呼时间：手输的号码只能在 %(hours)s 拨打。"),
    Refusal.TOO_MANY: _l("一分钟内拨得太多，请稍后再拨。"),
    Refusal.RECORDING_STATE: _l("录音已是这个状态。"),
    Refusal.MUTE_STATE: _l("静音已是这个状态。"),
    Refusal.RELAY_RUNNING: _l("正在为这件工单接通市民，请稍候。"),
    Refusal.NO_NUMBER: _l("没有市民的电话号码。"),
    Refusal.NOT_HOLDER: _l("只有承办单位可以这样联系市民。"),
}

PHASES: Mapping[Phase, LazyString] = {
    Phase.TALKING: _l("通话中"),
    Phase.HELD: _l("市民等待中"),
    Phase.CONSULTING: _l("与第三方通话，市民等待中"),
    Phase.HANDED_OVER: _l("已转出"),
    Phase.CALLER_LEFT: _l("市民已挂断"),
    Phase.OVER: _l("通话已结束"),
}

PARTY_KINDS: Mapping[PartyKind, LazyString] = {
    PartyKind.CALLER: _l("市民"),
    PartyKind.AGENT: _l("坐席"),
    PartyKind.DEPARTMENT: _l("承办单位"),
    PartyKind.EMERGENCY: _l("紧急服务"),
    PartyKind.OUTSIDE: _l("外部号码"),
}

PARTY_STATES: Mapping[PartyState, LazyString] = {
    PartyState.RINGING: _l("振铃"),
    PartyState.TALKING: _l("通话"),
    PartyState.HELD: _l("等待"),
    PartyState.LEFT: _l("已离开"),
}

PARTY_ENDS: Mapping[PartyEnd, LazyString] = {
    PartyEnd.HUNG_UP: _l("已挂断"),
    PartyEnd.BUSY: _l("占线"),
    PartyEnd.NO_ANSWER: _l("无人接听"),
    PartyEnd.UNREACHABLE: _l("没有接通"),
}

RELAY_STATES: Mapping[RelayState, LazyString] = {
    RelayState.DEPARTMENT: _l("正在呼叫承办单位"),
    RelayState.CITIZEN: _l("正在呼叫市民"),
    RelayState.TALKING: _l("通话中"),
    RelayState.OVER: _l("已通话"),
    RelayState.FAILED: _l("没有接通"),
}


def refusal_words(refusal: Refusal) -> str:
    """Why a step is refused, with this hotline's hours where they are the reason."""
    return str(REFUSAL_WORDS[refusal]) % {"hours": house().context.settings.outgoing_hours}
