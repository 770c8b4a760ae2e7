"""The call plan's pages: read, edit, check, compare, make live, go back, simulate; surge mode."""

import re

import pytest

from agent_console.call_plan.findings import WORDS, words_of
from agent_console.call_plan.forms import FORMS
from agent_console.call_plan.labels import DAYS, DEEDS
from agent_console.call_plan.sections import SECTIONS
from agent_console.call_plan.story import _TELLERS
from hotline.call_plan import queries, service
from hotline.call_plan.decision import StepKind
from hotline.call_plan.document import Days, Deed, OverflowTo, Plan, SurgeOrders
from hotline.call_plan.findings import Code, Finding, Place
from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed, seat_of
from hotline.context import Context
from hotline.people.actors import Actor
from hotline.people.queries import seats
from hotline.prompts.service import add as add_prompt
from hotline.queueing.models import Skill
from hotline.queueing.reserve import RESERVE, keep_reserve
from tests.factories import City, FakeTelephone
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, _is_sound
from tests.unit.call_plan.plans import chain, own_line, plan

LINE = {
    "number": "12320",
    "name_zh": "卫生热线",
    "name_en": "Health line",
    "when_closed": "message",
    "priority": "0",
}
GREETINGS = re.compile(r'<select[^>]*name="greeting"[^>]*>(.*?)</select>', re.DOTALL)
CHINESE_NAMES = re.compile(r'<input[^>]*name="name_zh"[^>]*>')
DAY_ONLY = {
    "code": "night",
    "name_zh": "夜班",
    "name_en": "Night shift",
    "days": "working",
    "begins": "20:00",
    "ends": "08:00",
    "answered_by": "agents",
    "seats": "1",
    "prompts": "zh",
}


@pytest.fixture
def supervisor(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.supervisor)


def drafting(browser: Browser) -> str:
    """Begin a draft; returns the revision that its page carries."""
    assert browser.post("/call-plan/draft/begin").location == "/call-plan/draft"
    return revision(browser)


def revision(browser: Browser, path: str = "/call-plan/draft") -> str:
    found = re.search(r'name="revision" (?:type="hidden" )?value="(\d+)"', browser.get(path))
    assert found
    return found[1]


def live(city: City) -> queries.LivePlan:
    with city.context.reading() as session:
        return queries.live_plan(session, city.context.settings)


def draft(city: City) -> Plan:
    with city.context.reading() as session:
        row = queries.draft_row(session)
        assert row is not None
        return row.plan


def test_everything_of_the_plan_has_words() -> None:
    assert set(WORDS) == set(Code)
    assert set(_TELLERS) == set(StepKind)
    assert set(DEEDS) == set(Deed)
    assert set(DAYS) == set(Days)
    assert {section.name for section in SECTIONS} == set(Plan.model_fields) == set(FORMS)


PAGES = (
    "/call-plan/",
    "/call-plan/draft",
    "/call-plan/versions/0",
    "/call-plan/simulate",
    "/call-plan/simulate?plan=live&at=2026-10-01T03:10&dialled=12345&tongue=cantonese&surge=y",
    "/call-plan/simulate?plan=draft&at=2026-10-01T03:10&dialled=999",
    *(f"/call-plan/draft/{name}/{'0' if name in ('greeting', 'surge') else 'new'}" for name in FORMS),
    "/call-plan/draft/overflows/0",
    "/call-plan/draft/lines/0",
)


def test_every_page_renders_in_both_languages(browser: Browser, all_rounder: Actor, language: str) -> None:
    browser.sign_in(all_rounder)
    drafting(browser)
    for path in PAGES:
        page = browser.get(path)
        _is_sound(page, language)
        if language == "en":
            ours = NOT_OURS.sub("", CHINESE_NAMES.sub("", page)).replace("热线中心", "")
            assert not CHINESE.search(ours), (path, CHINESE.findall(ours))


@pytest.mark.parametrize("number", ["１２３２０", " 12320\u3000"])
def test_a_number_is_kept_in_plain_digits_however_it_was_typed(
    supervisor: Browser, city: City, number: str
) -> None:
    line = LINE | {"number": number, "when_closed": "duty", "closed_phone": "８４１１００００"}
    answer = supervisor.post("/call-plan/draft/lines/new", revision=drafting(supervisor), **line)
    assert answer.location == "/call-plan/draft", answer.text
    kept = draft(city).line("12320")
    assert kept is not None
    assert kept.closed_phone == "84110000"


@pytest.mark.parametrize("number", ["0532-12320", "+86 532 12320"])
def test_a_number_with_signs_is_refused_with_what_is_allowed(supervisor: Browser, number: str) -> None:
    line = LINE | {"number": number}
    answer = supervisor.post("/call-plan/draft/lines/new", revision=drafting(supervisor), **line)
    assert answer.status_code == 422
    assert "只写 3 到 15 位数字，不加横杠、空格和加号" in answer.text


def test_numbers_that_somebody_else_answers_are_warned_of(supervisor: Browser, city: City) -> None:
    with city.context.reading() as session:
        taken = seats(session)[0]
    for number in ("119", taken):
        seen = drafting(supervisor)
        supervisor.post("/call-plan/draft/lines/new", revision=seen, **LINE | {"number": number})
    page = supervisor.get("/call-plan/draft")
    assert "119 是紧急服务的号码" in page
    assert f"{taken} 已是一个坐席的分机号" in page


def test_a_skill_is_called_by_its_name(
    browser: Browser, context: Context, all_rounder: Actor, language: str
) -> None:
    browser.sign_in(all_rounder)
    with context.writing() as session:
        session.add(Skill(code="health", name_zh="卫生", name_en="Health", overflow_seconds=60))
    line = LINE | {"skill": "health"}
    browser.post("/call-plan/draft/lines/new", revision=drafting(browser), **line)
    page = browser.get("/call-plan/draft")
    said = {"zh": ("技能 卫生", "没有一个坐席有技能 卫生"), "en": ("skill Health", "has the skill Health")}
    for words in said[language]:
        assert words in page
    path = "/call-plan/simulate?plan=draft&at=2026-10-01T03:10&dialled=12320"
    assert {"zh": "有技能 卫生 的坐席", "en": "the skill Health"}[language] in browser.get(path)


def test_only_what_greets_is_offered_as_a_greeting(supervisor: Browser, city: City) -> None:
    words = {"zh": "卫生热线，您好。", "en": "The health line. Hello."}
    add_prompt(city.context.acting_as(city.supervisor), "health-greeting", words)
    drafting(supervisor)
    for form in ("lines/new", "leaders/new", "greeting/0"):
        offered = GREETINGS.search(supervisor.get(f"/call-plan/draft/{form}"))
        assert offered
        assert set(re.findall(r'value="([^"]+)"', offered[1])) == {"greeting", "health-greeting"}, form


def test_from_draft_to_live_and_back(supervisor: Browser, city: City) -> None:
    seen = drafting(supervisor)
    answer = supervisor.post("/call-plan/draft/lines/new", revision=seen, **LINE)
    assert answer.location == "/call-plan/draft", answer.text
    page = supervisor.get("/call-plan/draft")
    assert "12320 卫生热线" in page
    assert "新增" in page
    answer = supervisor.post("/call-plan/draft/live", revision=revision(supervisor), note="合并 12320")
    assert answer.location == "/call-plan/"
    assert "合并 12320" in supervisor.get("/call-plan/")
    assert [line.number for line in live(city).plan.lines] == ["12345", "12320"]

    assert "正在使用" in supervisor.get("/call-plan/versions/0")
    answer = supervisor.post("/call-plan/versions/0/back", revision="1", note="先拆回")
    assert answer.location == "/call-plan/"
    assert [line.number for line in live(city).plan.lines] == ["12345"]


def test_of_two_supervisors_the_second_reads_who_was_faster(supervisor: Browser, city: City) -> None:
    seen = drafting(supervisor)
    supervisor.post("/call-plan/draft/lines/new", revision=seen, **LINE)
    answer = supervisor.post("/call-plan/draft/lines/new", revision=seen, **LINE | {"number": "12319"})
    assert answer.status_code == 409
    assert "刚刚改过方案" in answer.text
    assert city.supervisor.name in answer.text
    assert [line.number for line in draft(city).lines] == ["12345", "12320"]


def test_errors_stand_beside_their_place_and_keep_it_from_going_live(supervisor: Browser, city: City) -> None:
    seen = drafting(supervisor)
    answer = supervisor.post("/call-plan/draft/shifts/1", revision=seen, **DAY_ONLY)
    assert answer.location == "/call-plan/draft", answer.text
    page = supervisor.get("/call-plan/draft")
    assert "没有人接电话" in page
    answer = supervisor.post("/call-plan/draft/live", revision=revision(supervisor), note="试试")
    assert (answer.status_code, "不能上线" in answer.text) == (409, True)
    assert live(city).version == 0


REFUSED = (
    ("lines", LINE | {"number": "12a"}, "只写 3 到 15 位数字"),
    ("lines", LINE | {"name_zh": ""}, "请填写"),
    ("lines", LINE | {"priority": "99"}, "0 到 10 的整数"),
    ("lines", LINE | {"closed_phone": "call me"}, "只写 2 到 15 位数字"),
    ("shifts", DAY_ONLY | {"code": "Night Shift"}, "用小写字母开头"),
    ("shifts", DAY_ONLY | {"begins": "25:00"}, 'id="begins-error"'),
    ("exceptions", {"day": "sometime", "treated_as": "off"}, 'id="day-error"'),
    ("minimums", {"days": "every", "begins": "08:00", "ends": "09:00", "seats": "0"}, "1 到 2000 的整数"),
)


def test_what_cannot_be_is_said_at_its_field(supervisor: Browser, city: City) -> None:
    seen = drafting(supervisor)
    before = draft(city)
    for section, fields, words in REFUSED:
        answer = supervisor.post(f"/call-plan/draft/{section}/new", revision=seen, **fields)
        assert (answer.status_code, words in answer.text) == (422, True), (section, fields)
    assert draft(city) == before


def test_every_section_can_be_filled_in(supervisor: Browser, city: City) -> None:
    drafting(supervisor)
    for path, fields in (
        ("lines/new", LINE | {"shifts": ["day", "night"]}),
        ("greeting/0", {"greeting": "greeting", "notice": "recording-notice", "keys_announced": "never"}),
        ("shifts/new", DAY_ONLY | {"code": "late"}),
        ("exceptions/new", {"day": "2026-12-24", "treated_as": "off", "note": "停电"}),
        ("minimums/new", {"days": "every", "begins": "09:00", "ends": "17:00", "seats": "2"}),
        ("tongues/new", {"code": "wu", "name_zh": "吴语", "name_en": "Wu", "prompts": "zh"}),
        ("shortcuts/3", {"key": "6", "deed": "language", "tongue": "wu"}),
        (
            "overflows/0",
            {
                "code": "main",
                "name_zh": "一般",
                "name_en": "Usual",
                "steps-0-after_seconds": "90",
                "steps-0-to": "duty",
                "steps-0-phone": "1001",
                "steps-0-ring_seconds": "20",
                "steps-1-after_seconds": "200",
                "steps-1-to": "message",
                "steps-2-after_seconds": "",
                "steps-2-to": "wider",
            },
        ),
        (
            "leaders/new",
            {
                "leader": "李局长",
                "number": "12320",
                "day": "2026-12-01",
                "begins": "09:00",
                "ends": "11:00",
                "phone": "1009",
                "scope": "供水",
            },
        ),
        ("surge/0", {"short_intake": "y", "extra_seats": "5"}),
    ):
        answer = supervisor.post(f"/call-plan/draft/{path}", revision=revision(supervisor), **fields)
        assert answer.location == "/call-plan/draft", (path, answer.text)
    plan = draft(city)
    assert plan.lines[1].shifts == ("day", "night")
    told = [(step.after_seconds, step.to, step.phone, step.ring_seconds) for step in plan.overflows[0].steps]
    assert told == [(90, "duty", "1001", 20), (200, "message", "", 30)]
    assert (plan.leaders[0].scope, plan.surge.extra_seats, plan.shortcuts[3].tongue) == ("供水", 5, "wu")


def test_entries_are_taken_out(supervisor: Browser, city: City) -> None:
    seen = drafting(supervisor)
    supervisor.post("/call-plan/draft/shortcuts/0/remove", revision=seen)
    assert draft(city).shortcuts[0].key == "2"
    supervisor.post("/call-plan/draft/discard", revision=revision(supervisor))
    assert "继续改草稿" not in supervisor.get("/call-plan/")


def test_places_that_are_not_there(supervisor: Browser) -> None:
    drafting(supervisor)
    places = ("lines/77", "lines/-1", "nothing/0", "nothing/new", "greeting/new", f"lines/{10**20}")
    statuses = {path: supervisor.client.get(f"/call-plan/draft/{path}").status_code for path in places}
    assert statuses == dict.fromkeys(places, 404)


def test_what_a_plan_refers_to_is_told_by_its_name(supervisor: Browser, city: City) -> None:
    """Departments, languages and rules have codes in the document, and names for whoever reads it."""
    acting = city.context.acting_as(city.supervisor)
    mine = own_line(department="water", tongue="mandarin", overflow="main")
    tongue = {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"}
    rules = [chain("main", (30, OverflowTo.MESSAGE)).model_copy(update={"name_zh": "常规溢出"})]
    changed = plan(lines=[mine], tongues=[tongue], overflows=rules)
    service.change_draft(acting, service.begin_draft(acting), lambda _: changed)
    page = supervisor.get("/call-plan/draft")
    for words in ("单位 水务局", "语言 普通话", "溢出规则 常规溢出"):
        assert words in page


def test_a_call_on_the_first_of_october_at_night_in_cantonese(supervisor: Browser) -> None:
    page = supervisor.get("/call-plan/simulate?plan=live&at=2026-10-01T03:10&dialled=12345&tongue=cantonese")
    for words in ("是“政务服务便民热线”", "按国家放假安排是休息日", "说粤语", "夜班", "进入排队"):
        assert words in page
    answer = supervisor.client.get("/call-plan/simulate?plan=live&at=never&dialled=abc")
    assert answer.status_code == 422
    assert "只写 3 到 15 位数字" in answer.text


def test_surge_mode_is_one_click_on_the_board(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    assert 'hx-get="/call-plan/surge"' in browser.get("/board/")
    page = browser.post("/call-plan/surge/on", banner_zh="市北区停水，我们知道了。").text
    assert "高峰应急已打开" in page
    assert "市北区停水" in page
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    page = browser.get("/call-plan/surge")
    assert "市北区停水" in page
    assert "关闭高峰应急" not in page
    assert browser.post("/call-plan/surge/off").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert "打开高峰应急" in browser.post("/call-plan/surge/off").text
    assert browser.post("/call-plan/surge/on", banner_zh="长" * 200).status_code == 422


def test_the_surge_says_how_missing_seats_come_in(browser: Browser, city: City) -> None:
    acting = city.context.acting_as(city.supervisor)
    orders = SurgeOrders(extra_seats=2)
    revision = service.change_draft(acting, service.begin_draft(acting), lambda _: plan(surge=orders))
    service.make_live(acting, revision, "两个待命坐席")
    service.surge_on(acting)
    page = browser.sign_in(city.supervisor).get("/call-plan/surge")
    assert "还差 2 个：请坐席点“暂停”，选“待命”" in page
    seat_changed(city.context, "1001", SeatState.READY)
    page = browser.get("/call-plan/surge")
    assert "已上线 0 个" in page, "who is ready anyway was not called in"
    assert "自己点“就绪”的照常接电话，不算在内" in page
    telephone = FakeTelephone()
    with city.context.writing() as session:
        seat_of(session, "1001").registered = True
    seat_changed(city.context, "1001", SeatState.PAUSED, RESERVE)
    keep_reserve(city.context, telephone)
    assert "已上线 1 个" in browser.get("/call-plan/surge")


def test_it_is_the_supervisors_alone(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    for path in ("/call-plan/", "/call-plan/draft", "/call-plan/simulate", "/call-plan/versions/0"):
        assert browser.client.get(path).status_code == 403
    assert browser.post("/call-plan/draft/begin").status_code == 403


def test_findings_are_whole_sentences() -> None:
    facts = dict.fromkeys(
        ("name", "number", "key", "way", "seconds", "span", "leader", "first", "second", "year"), "x"
    )
    for code in Code:
        assert "%(" not in str(WORDS[code]) % (facts | {"days": "x", "tongue": "x", "reason": "x"})
    nobody = Finding(Code.NOBODY, Place("shifts"), {"days": "off", "span": "20:00-08:00"})
    assert str(DAYS[Days.OFF]) in words_of(nobody)
