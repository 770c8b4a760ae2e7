"""The demo city: departments, people, categories and the dispatch catalogue. Everybody in it is invented."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select

from hotline.cli.demo import knowledge, listings
from hotline.cli.demo.gazetteer import places
from hotline.cli.failure import CommandFailed
from hotline.context import Context
from hotline.directory.models import DutyDays, DutyPhone
from hotline.dispatch.models import CatalogueRule, Category
from hotline.gazetteer.service import add_missing
from hotline.people.actors import Role
from hotline.people.models import Department, User
from hotline.people.rules import hash_password
from hotline.people.service import NewUser, ensure_department, ensure_user

PASSWORD = "minsheng-demo"  # noqa: S105 (printed for everybody to see)
HOTLINE = "hotline"
KNOWLEDGE_EDITOR = "luxin"
SUPERVISOR = "zhengqiang"

DISTRICTS = ("市北区", "市南区", "李沧区", "崂山区")


@dataclass(frozen=True)
class Unit:
    """A department and what it is called."""

    code: str
    zh: str
    en: str


UNITS = (
    Unit("government", "市政府办公室", "Municipal Government Office"),
    Unit("city", "城市管理局", "Urban Management Bureau"),
    Unit("housing", "住房和城乡建设局", "Housing and Construction Bureau"),
    Unit("heating", "供热服务中心", "Heating Service Centre"),
    Unit("water", "水务管理局", "Water Authority"),
    Unit("power", "供电公司", "Power Supply Company"),
    Unit("labour", "人力资源和社会保障局", "Human Resources and Social Security Bureau"),
    Unit("market", "市场监督管理局", "Market Regulation Bureau"),
    Unit("transport", "交通运输局", "Transport Bureau"),
    Unit("environment", "生态环境局", "Ecology and Environment Bureau"),
    Unit("education", "教育局", "Education Bureau"),
    Unit("health", "卫生健康委员会", "Health Commission"),
    Unit("medical", "医疗保障局", "Healthcare Security Bureau"),
)

OFFICES = (
    Unit("daily", "日报社", "Daily Newspaper"),
    Unit("broadcast", "广播电视台", "Radio and Television"),
    Unit("petitions", "信访局", "Petition Office"),
    Unit("discipline", "纪委监委", "Commission for Discipline Inspection"),
    Unit("assessors", "民生调查中心", "Public Opinion Research Centre"),
)
"""They work with the hotline and handle no tickets."""


@dataclass(frozen=True)
class Matter:
    """A category with the department that leads it and the words by which the demo's agent knows it."""

    code: str
    zh: str
    en: str
    unit: str
    words: tuple[str, ...] = ()
    on_site: bool = False


MATTERS = (
    Matter("heating", "供暖", "Heating", "heating", ("暖气", "供暖", "供热", "停暖", "不热")),
    Matter(
        "water",
        "供水排水",
        "Water and drainage",
        "water",
        ("停水", "漏水", "水压", "水质", "自来水", "下水道", "污水", "积水"),
    ),
    Matter("power", "供电", "Electricity", "power", ("停电", "跳闸", "电压", "供电")),
    Matter(
        "wages", "劳动工资", "Wages and labour", "labour", ("工资", "拖欠", "加班", "社保", "养老金", "退休")
    ),
    Matter(
        "fumes",
        "油烟异味",
        "Fumes and smells",
        "environment",
        ("油烟", "臭味", "异味", "烧烤", "粉尘", "污染"),
        on_site=True,
    ),
    Matter(
        "noise",
        "噪音扰民",
        "Noise",
        "environment",
        ("噪音", "扰民", "施工", "广场舞", "吵"),
        on_site=True,
    ),
    Matter(
        "roads",
        "市政设施",
        "Streets and manholes",
        "city",
        ("井盖", "路灯", "路面", "人行道", "护栏", "红绿灯", "塌陷"),
        on_site=True,
    ),
    Matter(
        "rubbish",
        "市容环卫",
        "Rubbish and street order",
        "city",
        ("垃圾", "占道", "摊贩", "违章建筑", "蚊", "树"),
    ),
    Matter(
        "property",
        "物业房产",
        "Housing and estates",
        "housing",
        ("物业", "电梯", "房产证", "开发商", "装修", "拆迁", "业主"),
    ),
    Matter(
        "transport",
        "公共交通",
        "Public transport",
        "transport",
        ("公交", "地铁", "出租车", "司机", "停车", "充电桩"),
    ),
    Matter(
        "market",
        "消费维权",
        "Consumer rights",
        "market",
        ("退款", "退钱", "商家", "假货", "食品", "超市", "健身房", "快递", "外卖", "不退"),
    ),
    Matter(
        "education",
        "教育",
        "Education",
        "education",
        ("学校", "幼儿园", "老师", "入学", "培训机构", "学费", "孩子上学"),
    ),
    Matter("insurance", "医疗保障", "Medical insurance", "medical", ("医保", "报销", "医疗保险")),
    Matter("health", "医疗卫生", "Health", "health", ("医院", "看病", "挂号", "疫苗", "医生")),
    Matter("other", "其他", "Other", "government"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who works at the hotline, or in one of the offices that work with it (`office`)."""

    username: str
    name: str
    roles: tuple[Role, ...]
    extension: str | None = None
    office: str = HOTLINE


PEOPLE = (
    Person("wangli", "王丽", (Role.AGENT,), "1001"),
    Person("liuyang", "刘洋", (Role.AGENT,), "1002"),
    Person("chenjing", "陈静", (Role.AGENT,), "1003"),
    Person("zhaolei", "赵磊", (Role.SCREENER,)),
    Person("sunmin", "孙敏", (Role.DISPATCHER,)),
    Person("zhouhong", "周红", (Role.REVIEWER,)),
    Person("wuting", "吴婷", (Role.CALLBACK_AGENT,)),
    Person(SUPERVISOR, "郑强", (Role.SUPERVISOR,), "2001"),
    Person("admin", "管理员", (Role.ADMINISTRATOR,)),
    Person("linlan", "林岚", (Role.DIRECTOR,)),
    Person("hejian", "何健", (Role.AUDITOR,)),
    Person("fangyu", "方瑜", (Role.ANALYST,)),
    Person(KNOWLEDGE_EDITOR, "陆欣", (Role.KNOWLEDGE_EDITOR,)),
    Person("tangwei", "唐薇", (Role.PUBLISHER,)),
    Person("qianfeng", "钱峰", (Role.GOVERNMENT_OFFICE,), office="government"),
    Person("dongchao", "董超", (Role.INSPECTION_OFFICE,), office="government"),
    Person("gaoyuan", "高远", (Role.LEADER,), office="government"),
    Person("maxue", "马雪", (Role.MEDIA_SCREENER,), office="daily"),
    Person("pengbo", "彭波", (Role.MEDIA_SCREENER,), office="broadcast"),
    Person("caiqing", "蔡青", (Role.PETITION_OFFICE,), office="petitions"),
    Person("yanming", "严明", (Role.DISCIPLINE,), office="discipline"),
    Person("houpeng", "侯鹏", (Role.ASSIST_UNIT,), office="city"),
    Person("jiangyi", "江怡", (Role.ASSESSOR,), office="assessors"),
)

HANDLER = frozenset({Role.HANDLER})
UNIT_LEADER = frozenset({Role.UNIT_REVIEWER})


def handler_of(unit: str) -> str:
    """User name of the demo department's handler."""
    return f"{unit}-handler"


def leader_of(unit: str) -> str:
    """User name of the demo department's reviewing leader."""
    return f"{unit}-leader"


def load(context: Context) -> None:
    """Put the demo city into the database, once. Raises `CommandFailed` where others are in it."""
    _refuse_strangers(context)
    ensure_department(context, HOTLINE, "市民热线中心", "Citizens' Hotline Centre", is_hotline=True)
    for unit in (*UNITS, *OFFICES):
        ensure_department(context, unit.code, unit.zh, unit.en)
    hashed = hash_password(PASSWORD)  # once: it is everybody's, and a hash takes a fifth of a second
    for person in PEOPLE:
        roles = frozenset(person.roles)
        ensure_user(
            context, NewUser(person.username, hashed, person.name, roles, person.office, person.extension)
        )
    for unit in UNITS:
        handler, leader = handler_of(unit.code), leader_of(unit.code)
        ensure_user(context, NewUser(handler, hashed, f"{unit.zh}承办人", HANDLER, unit.code))
        ensure_user(context, NewUser(leader, hashed, f"{unit.zh}分管领导", UNIT_LEADER, unit.code))
    _load_catalogue(context)
    _load_duty_phones(context)
    add_missing(context, places())
    listings.load(context, SUPERVISOR)
    knowledge.load(context, KNOWLEDGE_EDITOR)


def matter_of(words: str) -> Matter:
    """The category whose words occur most in what was said; `other` if none does."""
    return max(MATTERS, key=lambda matter: sum(word in words for word in matter.words))


def _refuse_strangers(context: Context) -> None:
    ours = {person.username for person in PEOPLE}
    ours |= {name for unit in UNITS for name in (handler_of(unit.code), leader_of(unit.code))}
    with context.reading() as session:
        if strangers := set(session.scalars(select(User.username))) - ours:
            raise CommandFailed(
                f"this database has {len(strangers)} people who are not of the demo city, and the demo would "
                "write invented tickets into it: set HOTLINE_STATE_DIR to another folder for the demo"
            )


def _load_duty_phones(context: Context) -> None:
    """A telephone for office hours and one for the night and holidays, of every department."""
    with context.writing() as session:
        if session.scalars(select(DutyPhone.id)).first() is not None:
            return
        units = {unit.code: unit.id for unit in session.scalars(select(Department))}
        for number, unit in enumerate(UNITS, start=1):
            first = {"days": DutyDays.WORKDAYS, "from_time": time(8, 30), "until_time": time(17, 30)}
            second = {"days": DutyDays.EVERY_DAY, "from_time": time(0), "until_time": time(0), "position": 1}
            phones = ((f"841100{number:02d}", "办公室", first), (f"841200{number:02d}", "总值班室", second))
            for phone, label, window in phones:
                session.add(DutyPhone(department_id=units[unit.code], phone=phone, label=label, **window))


def _load_catalogue(context: Context) -> None:
    with context.writing() as session:
        leads = {unit.code: unit.id for unit in session.scalars(select(Department))}
        for position, matter in enumerate(MATTERS):
            if session.get(Category, matter.code) is not None:
                continue
            words = list(matter.words)
            named = {"name_zh": matter.zh, "name_en": matter.en, "keywords": words, "on_site": matter.on_site}
            session.add(Category(code=matter.code, position=position, **named))
            session.flush()
            session.add(CatalogueRule(category_code=matter.code, lead_id=leads[matter.unit]))
