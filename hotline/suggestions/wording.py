"""The caller's words as the ticket needs them: what happened, what is asked for, and of whom they speak."""

import re
from collections.abc import Iterator

from hotline.suggestions.values import BREAK, Field, Piece, Spoken, Suggestion

_PAUSE_S = 0.12  # within an utterance a comma is spoken as a shorter pause
_LONGEST_DESCRIPTION = 1000
_GREETING = re.compile(r"^(?:喂+|您好|你好|嗯+|呃+|啊+|那个|是市民热线吗|请问是热线吗|[\s，。])+")
_DEMAND = re.compile(
    r"希望|要求|请(?!问|假)|麻烦|能不能|能否|可不可以|什么时候|怎么办|怎么(?:申请|办|交|查|补|转|领|算)|求|应该(?:找|去)"
    r"|尽快|赶紧|赶快|快点|派人|给个说法|建议|需要(?:什么|带|办)|多少钱|哪里|在哪|吗$|多长时间"
)
_MOST_DEMANDS = 6
_SHORTEST_CLAUSE = 4

_ORGANISATION = (
    r"物业公司|公司|物业|开发商|饭店|饭馆|餐馆|火锅店|烧烤店|超市|健身房|美容院|美容店|理发店|幼儿园|小学|中学|学校|医院|诊所|药店|工厂"
    r"|工地|酒店|酒吧|歌厅|棋牌室|培训班|培训学校|培训机构|中介|搅拌站|加油站|停车场|村委会|居委会|派出所|营业厅|养老院|汽修厂|洗车店"
    r"|家具店|家具厂|游泳馆|作坊|市场|网吧|旅行社|驾校|房东|包工头|老板|邻居|司机|施工队|供热站|供热公司|供电局|自来水公司|水务集团"
)
_WHO = re.compile(rf"(?P<name>[\u4e00-\u9fa5A-Za-z]{{0,6}}?(?:{_ORGANISATION}))")
_CUT = re.compile(
    r".*(?:[的了在是我有要跟找给说让和与去到号路楼街里边这那把被从让]|投诉|举报|反映|一家|一个|一楼|楼下|隔壁|旁边|后面|对面|门口|附近)"
)
_ACCUSING = frozenset({"complaint", "report"})


def wording(spoken: Spoken, type_suggested: str | None) -> list[Suggestion]:
    """Description, demands and the one complained of."""
    clauses = [clause for clause in _clauses(spoken) if len(clause) >= _SHORTEST_CLAUSE]
    if not clauses:
        return []
    told = "，".join(clauses)[:_LONGEST_DESCRIPTION]
    suggested = [Suggestion(Field.DESCRIPTION, told + "。", 0.5)]
    demands = [clause for clause in clauses if _DEMAND.search(clause)][:_MOST_DEMANDS]
    if demands:
        suggested.append(Suggestion(Field.DEMANDS, "\n".join(demands), 0.5))
    if type_suggested in _ACCUSING:
        suggested += _respondent(spoken)
    return suggested


def _clauses(spoken: Spoken) -> Iterator[str]:
    """The text cut where it is cut in writing, and where the speaker pauses."""
    for piece in spoken.pieces:
        for part in re.split(r"[，。！？；,.!?;\n]+", _with_pauses(piece)):
            yield _GREETING.sub("", part.strip())


def _with_pauses(piece: Piece) -> str:
    text, place, before = "", 0, None
    for word, start_s, end_s in piece.words:
        begins = piece.text.find(word, place)
        if begins < 0:
            return piece.text
        pause = before is not None and start_s - before >= _PAUSE_S
        text += piece.text[place:begins] + (BREAK if pause else "") + word
        place, before = begins + len(word), end_s
    return text + piece.text[place:]


def _respondent(spoken: Spoken) -> Iterator[Suggestion]:
    for match in _WHO.finditer(spoken.text):
        name = _CUT.sub("", match["name"])
        if len(name) >= 2:
            end = match.end()
            yield Suggestion(Field.RESPONDENT, name, 0.4, (spoken.evidence(end - len(name), end),))
            return
