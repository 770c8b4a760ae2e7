"""Units of what was done, why a visit is not recorded or a question not asked, in the reader's language."""

from wtforms import SelectChoice

from agent_console.choices import options
from agent_console.labels import Labels
from agent_console.language import is_english
from agent_console.words import _l
from hotline.questions.service import Obstacle as QuestionObstacle
from hotline.rechecks.rules import Obstacle as RecheckObstacle
from hotline.replies.causes import causes
from hotline.replies.models import Adoption, ReplyQuantity
from hotline.replies.on_site import Because
from hotline.replies.quantities import units
from hotline.replies.visits import Obstacle

VISIT_OBSTACLES: Labels = {
    Obstacle.NOT_YET: _l("到现场的时间还没有到"),
    Obstacle.TOO_EARLY: _l("到现场的时间早于市民反映的时间"),
    Obstacle.NO_VISITORS: _l("请写明去现场的人"),
    Obstacle.NO_FINDING: _l("请写明现场看到的情况"),
}

RECHECK_OBSTACLES: Labels = {
    RecheckObstacle.NO_DAY: _l("请选择复查日"),
    RecheckObstacle.DAY_PAST: _l("复查日要在明天以后；今天去看的，请记录现场核查"),
    RecheckObstacle.TOO_FAR: _l("复查日要在一年以内"),
    RecheckObstacle.NO_PURPOSE: _l("请写明到时候复查什么"),
    RecheckObstacle.NO_FINDING: _l("请写明复查看到的情况"),
    RecheckObstacle.TOO_LONG: _l("写得太长，请不要超过 2000 字"),
    RecheckObstacle.NOTHING_SET: _l("没有等着复查的，可能已有人记录。请刷新页面"),
}

VISITS_WANTED: Labels = {
    Because.FLASH: _l("特急件要先到现场：请记录现场核查，再提交回复。"),
    Because.REPEATED: _l("市民多次反映，要到现场核查：请记录现场核查，再提交回复。"),
    Because.CATEGORY: _l("安全、环境类诉求要到现场核查：请记录现场核查，再提交回复。"),
    Because.AGAIN: _l("记录的现场核查早于派单：派单以后要再到现场看一次，记录后再提交回复。"),
}

# What is missing, by the field that `ReplyRefused` names.
REPLY_WORDS: Labels = {
    **{f"visit_{why}": words for why, words in VISITS_WANTED.items()},
    "public_text": _l("请写出给市民的答复。"),
    "cause": _l("请从表里选择原因。"),
    "adoption": _l("市民提的是建议，请写明是否采纳。"),
    "adoption_reason": _l("没有采纳或部分采纳的，请写明理由。"),
    "unsolved_reason": _l("没有解决的，请写明原因。"),
    "return_reason": _l("请写明要改什么。"),
    "draft": _l("没有等审批的回复，可能已有人处理。请刷新页面。"),
}

ADOPTIONS: Labels = {
    Adoption.TAKEN: _l("采纳"),
    Adoption.PARTLY: _l("部分采纳"),
    Adoption.NOT_TAKEN: _l("没有采纳"),
}

QUESTION_OBSTACLES: Labels = {
    QuestionObstacle.ASKED_ONCE: _l("本单位已请市民补充过一次，不能再暂停时限；请直接联系市民"),
    QuestionObstacle.NO_QUESTION: _l("请写明问题"),
    QuestionObstacle.NO_ANSWER: _l("请写下市民补充的内容"),
}


def unit_choices() -> list[SelectChoice]:
    """Every unit, in the list's order."""
    return options(*((unit.code, unit.en if is_english() else unit.zh) for unit in units()))


def cause_choices() -> list[SelectChoice]:
    """Every cause, in the list's order."""
    return options(*((cause.code, cause.en if is_english() else cause.zh) for cause in causes()))


def cause_words(code: str) -> str:
    """`设施老化或损坏`; one that is on the list no more stands for itself."""
    named = {cause.code: cause.en if is_english() else cause.zh for cause in causes()}
    return named.get(code, code)


def quantity_words(line: ReplyQuantity) -> str:
    """`修复路灯 12 盏`; a unit that is on the list no more stands for itself."""
    named = {unit.code: unit.en if is_english() else unit.zh for unit in units()}
    return f"{line.what} {line.number.normalize():,f} {named.get(line.unit, line.unit)}"
