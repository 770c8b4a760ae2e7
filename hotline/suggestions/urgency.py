"""Words of danger and of need: how urgent, and whom to call in. Nothing is decided here."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hotline.suggestions.values import Field, Spoken, Suggestion
from hotline.tickets.states import TicketType, Urgency


class Danger(NamedTuple):
    """Words, how urgent they are, and the services that they call for. `name` is the console's key for it."""

    name: str
    words: re.Pattern[str]
    urgency: Urgency
    services: Sequence[str] = ()


DANGERS = (
    Danger(
        "suicide",
        re.compile(r"跳楼|轻生|自杀|不想活|割腕|喝农药|寻短见|跳河|跳海"),
        Urgency.FLASH,
        ("110", "120"),
    ),
    Danger(
        "gas",
        re.compile(r"(?:燃气|煤气|天然气|液化气).{0,4}(?:泄漏|漏|味)|漏气|煤气中毒"),
        Urgency.FLASH,
        ("119",),
    ),
    Danger("fire", re.compile(r"着火|起火|火灾|失火|爆炸|烧起来|浓烟|冒火|火星子"), Urgency.FLASH, ("119",)),
    Danger(
        "trapped",
        re.compile(r"被困|困在|困住|困人|掉进|掉下去(?!怎么)|埋在|压在下面|溺水|落水"),
        Urgency.FLASH,
        ("119",),
    ),
    Danger("collapse", re.compile(r"坍塌|塌方|楼要塌|房子塌|要倒了|快倒了"), Urgency.FLASH, ("119",)),
    Danger(
        "life",
        re.compile(r"晕倒|昏迷|昏过去|没有?呼吸|大出血|抽搐|心梗|快不行了|食物中毒|要生了|胸口疼"),
        Urgency.FLASH,
        ("120",),
    ),
    Danger(
        "crime",
        re.compile(r"打人|砍人|拿着?刀|持刀|抢劫|绑架|行凶|打起来|家暴|杀人|聚众斗殴"),
        Urgency.FLASH,
        ("110",),
    ),
    Danger("crash", re.compile(r"车祸|撞车|撞到人|撞了人|交通事故"), Urgency.FLASH, ("122", "120")),
    Danger(
        "current",
        re.compile(r"触电|漏电|电线.{0,4}(?:断|掉|垂|耷拉)|变压器.{0,6}(?:冒|响|火)"),
        Urgency.URGENT,
    ),
    Danger("missing", re.compile(r"走失|走丢|失踪|找不到(?:人|孩子|老人)"), Urgency.URGENT, ("110",)),
    Danger("hole", re.compile(r"井盖.{0,6}(?:没了|丢|不见|缺)|(?:路面?|马路).{0,6}塌|塌陷"), Urgency.URGENT),
    Danger(
        "outage",
        re.compile(r"(?:停水|停电|停气|没有?水|没有?电|停暖).{0,40}(?:老人|孩子|病人|呼吸机|制氧机|氧气)"),
        Urgency.URGENT,
    ),
    Danger("burst", re.compile(r"(?:水管|管道|暖气|管子).{0,4}(?:爆|裂|断)"), Urgency.URGENT),
)

# Somebody who asks for help, and cannot wait a week for it (急难求助, [S 004-45]). Nobody is called in.
NEEDS = (
    Danger(
        "hunger",
        re.compile(r"没有?饭吃|没有?吃的|断粮|断炊|揭不开锅|饿了?(?:一|两|三|好?几)天"),
        Urgency.URGENT,
    ),
    Danger(
        "medicine",
        re.compile(
            r"断药|药(?:快|都|已经)?(?:吃|用)完了|没有?药(?:吃|了)|等着?用药|(?:没有?|缺|断)了?胰岛素"
            r"|(?:去不了|做不了|不能去?做?|没法)透析|没钱(?:看病|治病|吃药|交住院费|交医药费)"
        ),
        Urgency.URGENT,
    ),
    Danger(
        "shelter",
        re.compile(r"无家可归|没地方(?:住|睡)|流落街头|露宿|睡在?(?:桥洞|街上|马路|天桥)|身无分文"),
        Urgency.URGENT,
    ),
    Danger(
        "alone",
        re.compile(
            r"(?:独居|孤寡|空巢|瘫痪|卧床|失能|残疾|老人|孩子|小孩|婴儿|病人).{0,10}"
            r"(?:没有?人(?:管|照顾|照看)|无人照[顾看]|下不了床|动不了|出不了门|起不来|反锁)"
        ),
        Urgency.URGENT,
    ),
)
_NEED_TYPES = (TicketType.HELP, None)

# Feared, past or meant otherwise: no reason to call anybody.
_NOT_NOW = re.compile(
    r"(?:万一|要是|如果|怕|担心|容易|避免|引发|会不会|差点|差一点|去年|前年|上次|以前|以免|防止|假如)[^，。\n]{0,8}$"
)
_HARMLESS_TYPES = frozenset({TicketType.PRAISE, TicketType.CONSULTATION, TicketType.SUGGESTION})
_ALWAYS = frozenset({"suicide"})


def dangers(text: str, type_suggested: str | None = None) -> Iterator[tuple[Danger, re.Match[str]]]:
    """Every danger that is spoken of as present."""
    for danger in DANGERS:
        harmless = type_suggested in _HARMLESS_TYPES and danger.name not in _ALWAYS
        match = None if harmless else _said(danger, text)
        if match is not None:
            yield danger, match


def needs(text: str, type_suggested: str | None = None) -> Iterator[tuple[Danger, re.Match[str]]]:
    """Every need that a request for help speaks of, also one whose type nobody knows yet."""
    if type_suggested in _NEED_TYPES:
        for need in NEEDS:
            if (match := _said(need, text)) is not None:
                yield need, match


def _said(danger: Danger, text: str) -> re.Match[str] | None:
    """The first place where its words are meant as they stand."""
    for match in danger.words.finditer(text):
        if not _NOT_NOW.search(text[max(0, match.start() - 12) : match.start()]):
            return match
    return None


def urgency(spoken: Spoken, type_suggested: str | None) -> list[Suggestion]:
    """The urgency that the words call for (never a lower one), and the services to bring in."""
    found = [*dangers(spoken.text, type_suggested), *needs(spoken.text, type_suggested)]
    if not found:
        return []
    gravest = min(found, key=lambda pair: (pair[0].urgency is not Urgency.FLASH, pair[1].start()))
    evidence = (spoken.evidence(*gravest[1].span()),)
    suggested = [Suggestion(Field.URGENCY, gravest[0].urgency, 0.8, evidence, gravest[0].name)]
    seen: set[str] = set()
    for danger, match in found:
        for service in danger.services:
            if service not in seen:
                seen.add(service)
                where = (spoken.evidence(*match.span()),)
                suggested.append(Suggestion(Field.HAND_OVER, service, 0.8, where, danger.name))
    return suggested
