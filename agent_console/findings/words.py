"""What a finding says, in words."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from agent_console.house import house
from agent_console.labels import TYPES, URGENCIES, Labels
from agent_console.tickets.reads import category_name
from agent_console.times import when
from agent_console.words import _l
from hotline.consistency.models import Answer
from hotline.consistency.rules import Kind
from hotline.consistency.sentences import Notice, Where

KINDS: Labels = {
    Kind.PLACE_MISSING: _l("地点漏填"),
    Kind.TIME_MISSING: _l("时间漏填"),
    Kind.URGENCY_LOWER: _l("紧急程度偏低"),
    Kind.COMPLAINT_AS_ENQUIRY: _l("投诉登记为咨询"),
    Kind.MATTER_MISSING: _l("漏登另一件事"),
    Kind.LONG_SILENCE: _l("长时间沉默"),
    Kind.BOTH_TALK: _l("双方同时说话"),
    Kind.NOTICE_MISSING: _l("没有录音告知"),
    Kind.SENTENCE_MISSING: _l("缺规定用语"),
}
ANSWERS: Labels = {
    Answer.RIGHT: _l("属实"),
    Answer.NOT_RIGHT: _l("不属实"),
    Answer.SEEN: _l("已看过"),
}
ANSWER_TONES: Mapping[str, str] = {Answer.RIGHT: "late", Answer.NOT_RIGHT: "talking", Answer.SEEN: ""}
ANSWER_KEYS: Mapping[str, str] = {Answer.RIGHT: "y", Answer.NOT_RIGHT: "n", Answer.SEEN: "s"}
PLACES: Labels = {
    Where.OPENING: _l("开头（坐席开口后 30 秒内）"),
    Where.CLOSING: _l("结尾（坐席最后 60 秒内）"),
    Where.ANYWHERE: _l("通话中任何时候"),
}
NOTICES: Labels = {
    Notice.NOT_PLAYED: _l("没有播放录音告知的记录"),
    Notice.NOT_HEARD_OUT: _l("录音告知没有放完"),
}

_SAYS: Labels = {
    Kind.PLACE_MISSING: _l("说了地点“%(value)s”，工单里没有填"),
    Kind.TIME_MISSING: _l("说了时间“%(value)s”，工单里没有填"),
    Kind.URGENCY_LOWER: _l("照所说的应是%(value)s，工单填得低"),
    Kind.COMPLAINT_AS_ENQUIRY: _l("市民说的是%(value)s，工单登记为咨询"),
    Kind.MATTER_MISSING: _l("又说了一件事（%(value)s），没有登记"),
    Kind.LONG_SILENCE: _l("%(value)s 秒没有人说话"),
    Kind.BOTH_TALK: _l("双方同时说话 %(value)s 秒"),
    Kind.NOTICE_MISSING: _l("%(value)s，坐席也没有说"),
    Kind.SENTENCE_MISSING: _l("坐席没有说：%(value)s"),
}


def sentence_of(session: Session, kind: Kind, value: str) -> str:
    """One sentence about what does not fit; `value` as the reader may see it, "" once it is deleted."""
    return str(_SAYS[kind]) % {"value": _in_words(session, kind, value)} if value else ""


def _in_words(session: Session, kind: Kind, value: str) -> str:
    match kind:
        case Kind.TIME_MISSING:
            return when(datetime.fromisoformat(value).replace(tzinfo=house().context.settings.zone))
        case Kind.URGENCY_LOWER:
            return str(URGENCIES[value])
        case Kind.COMPLAINT_AS_ENQUIRY:
            return str(TYPES[value])
        case Kind.MATTER_MISSING:
            return category_name(session, value) or value
        case Kind.NOTICE_MISSING:
            return str(NOTICES[value])
    return value
