"""Names of people: a surname after words that introduce one, or before a form of address."""

import re
from collections.abc import Iterator

from hotline.redaction.kinds import Finding, Kind

# The most frequent surnames of the population census, single and double.
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温"
    "芦季俞章鲁葛伍韦申尤毕聂柴焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位"
    "覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党"
    "燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银"
    "扬明沙薄伏岑习胥保和蔺"
)
DOUBLE_SURNAMES = (
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟",
    "慕容", "司徒", "令狐", "夏侯", "端木", "南宫", "公孙",
)  # fmt: skip

# No surname in these, before a form of address.
_WORDS = ("主任", "责任", "地方", "对方", "官方", "西方")
# Words that are surnames too, and stand before 老师 or 先生 without being one.
_SELDOM_BEFORE_TITLE = frozenset("和都来时向全成单车房边商应计保位强解原官包管连简花古木明台党练商位查关干")

_TITLE = (
    r"(?:先生|女士|小姐|师傅|老师|阿姨|大爷|大妈|大姐|大哥|大叔|奶奶|爷爷|主任|书记|经理|律师|医生|大夫|护士|局长|科长|处长"
    r"|所长|院长|校长|园长|队长|站长|村长|老板|同志|警官|法官|总(?![计共之是结额数体])|姐|哥|叔|婶)"
)
_OF_TITLE = re.compile(rf"(?P<name>[\u4e00-\u9fa5])(?={_TITLE})")

# A person is introduced: the name follows.
_CUES = re.compile(
    r"(?:我|他|她|本人|孩子|儿子|女儿|妈妈?|爸爸?|名字|姓名|真名|名|人|老板|房东|中介|医生|大夫|包工头|负责人|经理|司机|老师)叫(?!做|什么|我|他|人|车|来)"
    r"|叫(?=.{1,3}的人)|(?:联系|投诉|申请|举报|经办|当事)人(?:姓名)?[叫是为]?|(?:姓名|名字|真名|本名|户主(?:姓名)?|失主|法人(?:代表)?)[叫是为]?"
    r"|业主(?=[\u4e00-\u9fa5]{2,3}(?:[，。,]|$))|车主(?!姓)|本人(?!叫)|司机(?!叫)|老伴|爱人(?!叫)|经理(?!叫)"
    r"|我是(?!从|在|一|个|说|想|来|要|业|租|外|本|这)"
)
_SURE_CUE = re.compile(r"叫$|姓名|名字|真名|本名")
_SURNAME_CUES = re.compile(r"(?:免贵|我|车主|他|她|老板|房东)姓")
_ASKED = re.compile(r"贵姓|怎么称呼|叫什么|您的姓名|名字")

_AFTER_NAME = re.compile(
    r"$|[\s，,。；;、：:！？!?（）()]|先生|女士|电话|手机|身份证|住|的|是|在|来|说|和|也|不|就|今年|上|下|拒|欠|开|要|有|把|给|打|退|已|还|跟|去|被|让|系|我|想|反映|咨询|投诉|举报|这|那|家|联系|今|昨|小区|因为|关于|对|从|到|没|为|她|他|你"
)
_HAN = re.compile(r"[\u4e00-\u9fa5]")
_LONGEST_FOREIGN = 6


def find_names(text: str, before: str = "") -> Iterator[Finding]:
    """Names in the text. `before` is what another speaker said just before: maybe a question for the name."""
    seen: set[int] = set()
    for start, end in (*_introduced(text), *_addressed(text), *_answered(text, before)):
        if seen.isdisjoint(range(start, end)):
            seen.update(range(start, end))
            yield Finding(start, end, Kind.NAME)


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    for cue in _CUES.finditer(text):
        start = _skip(text, cue.end())
        length = name_length(text, start) or _named_length(text, start, cue[0])
        if length > 1:
            yield start, start + length
    for cue in _SURNAME_CUES.finditer(text):
        start = _skip(text, cue.end())
        double = text[start : start + 2] in DOUBLE_SURNAMES
        if text[start : start + 1] in SURNAMES or double:
            yield start, start + (2 if double else 1)


def _addressed(text: str) -> Iterator[tuple[int, int]]:
    for match in _OF_TITLE.finditer(text):
        start, end = match.span("name")
        if text[start - 1 : end] in DOUBLE_SURNAMES:
            yield start - 1, end
        elif _is_before_title(text, start):
            yield start, end
        elif (first := _full_name_before(text, end)) is not None:
            yield first, end


def _is_before_title(text: str, place: int) -> bool:
    character, previous = text[place], text[place - 1 : place]
    if character not in SURNAMES or character in _SELDOM_BEFORE_TITLE:
        return False
    return previous + character not in _WORDS


def _full_name_before(text: str, end: int) -> int | None:
    """Where a full name of two or three characters begins that ends here, after a break; None if none."""
    for length in (3, 2):
        start = end - length
        if start < 0 or text[start] not in SURNAMES or text[start] in _SELDOM_BEFORE_TITLE:
            continue
        if start == 0 or not _HAN.match(text[start - 1]) or text[start - 1] in "是叫找和跟":
            return start
    return None


def _answered(text: str, before: str) -> Iterator[tuple[int, int]]:
    """A short answer to the question for the name."""
    if _ASKED.search(before[-20:]):
        start = _skip(text, re.match(r"(?:我?姓|我?叫|我是|免贵姓?|嗯|哦|啊|\s)*", text).end())  # type: ignore[union-attr]
        length = name_length(text, start) or (1 if text[start : start + 1] in SURNAMES else 0)
        if length:
            yield start, start + length


def name_length(text: str, start: int) -> int:
    """How many characters of a name begin here; 0 if none does."""
    if text[start : start + 2] in DOUBLE_SURNAMES:
        surname = 2
    elif text[start : start + 1] in SURNAMES:
        surname = 1
    else:
        return 0
    if surname == 1 and re.match(_TITLE, text[start + 1 :]):
        return 1
    for given in (2, 1):
        end = start + surname + given
        name = text[start:end]
        if len(name) == surname + given and all(map(_HAN.match, name)) and _AFTER_NAME.match(text, end):
            return surname + given
    return 0


def _named_length(text: str, start: int, cue: str) -> int:
    """A name is announced, and nothing tells where it ends: rather too much than too little."""
    if not _SURE_CUE.search(cue):
        return 0
    if text[start : start + 1] in SURNAMES:
        return len(re.match(r"[\u4e00-\u9fa5]{0,3}", text[start:])[0])  # type: ignore[index]
    return _foreign_length(text, start)


def _foreign_length(text: str, start: int) -> int:
    """A name without a Chinese surname, up to the next break (阿依古丽)."""
    match = re.match(rf"[\u4e00-\u9fa5·]{{2,{_LONGEST_FOREIGN}}}(?=$|[\s，,。；;、])", text[start:])
    return len(match[0]) if match else 0


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " ：:，":
        place += 1
    return place
