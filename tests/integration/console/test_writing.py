"""A citizen writes a matter without an account; somebody of the hotline registers it or sets it aside."""

import re

from hotline.intake.web import TRIES_PER_ADDRESS
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.states import Confidentiality, State
from tests.factories import CITIZEN, City, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen, _is_sound, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_intake import FORM, tickets
from tests.integration.console.test_pages import CHINESE, NOT_OURS

MATTER = {"description": "路灯不亮", "wish": "修好", "place": "幸福路 8 号", "phone": CITIZEN}
DIGITS = "零一二三四五六七八九"


def asked(page: str) -> dict[str, str]:
    """The token of a page's sum, and its answer."""
    token = re.search(r'name="token" value="([^"]+)"', page)
    digits = re.search(rf"([{DIGITS}]) 加 ([{DIGITS}]) 等于几", page)
    assert token is not None
    assert digits is not None
    return {"token": token[1], "sum": str(DIGITS.index(digits[1]) + DIGITS.index(digits[2]))}


def form(citizen: Citizen) -> dict[str, str]:  # noqa: F811
    return {**MATTER, **asked(citizen.client.get("/write/").text)}


def test_a_matter_waits_as_a_draft_and_is_registered_under_its_number(
    browser: Browser,
    citizen: Citizen,  # noqa: F811
    city: City,
) -> None:
    page = citizen.client.get("/write/").text
    _is_sound(page)
    assert "网上查询只显示进展" in page, "whoever hides is told before what that means"
    answer = citizen.post("/write/", **form(citizen), hides="y")
    assert answer.status_code == 200
    _is_sound(answer.text)
    (ticket,) = tickets(city)
    number, code = ticket.number or "", ticket.query_code or ""
    assert is_ticket_number(number)
    assert number[8:10] == "WZ"
    assert number in answer.text
    assert code in answer.text
    assert (ticket.state, ticket.confidentiality) == (State.DRAFT, Confidentiality.HIDDEN)
    assert "<h1>已收到</h1>" in citizen.open(ticket.id)

    browser.sign_in(city.agent)
    assert "路灯不亮" in browser.get("/intake/web")
    assert "路灯不亮" in browser.get(f"/desk/?draft={ticket.id}")
    assert browser.client.get(f"/tickets/{number}").status_code == 200
    assert number in browser.post(f"/desk/draft/{ticket.id}/register", **FORM).text
    (ticket,) = tickets(city)
    assert (ticket.state, ticket.number, ticket.query_code) == (State.REGISTERED, number, code)
    assert number not in browser.get("/intake/web")


def test_the_same_form_sent_twice_is_one_matter(citizen: Citizen, city: City) -> None:  # noqa: F811
    sent = form(citizen)
    first = citizen.post("/write/", **sent)
    second = citizen.post("/write/", **sent)
    (ticket,) = tickets(city)
    assert (ticket.number or "") in first.text
    assert (ticket.number or "") in second.text
    other = citizen.post("/write/", **{**sent, "description": "井盖松动"})
    assert (other.status_code, "改动后的内容没有保存" in other.text) == (409, True)
    assert (ticket.number or "") not in other.text
    again = {**sent, "description": "井盖松动", **asked(other.text)}
    assert citizen.post("/write/", **again).status_code == 200
    assert [one.description for one in tickets(city)] == ["路灯不亮", "井盖松动"]


def test_a_failure_is_told_to_citizens_on_a_page_of_theirs(citizen: Citizen) -> None:  # noqa: F811
    answer = citizen.client.post("/write/", data=MATTER)  # without the page's token
    assert answer.status_code == 400
    assert "回到查询" in answer.text
    assert "回到首页" not in answer.text, "that is where the hotline signs in"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    citizen: Citizen,  # noqa: F811
    city: City,
    clock: FixedClock,
) -> None:
    page = form(citizen)
    for change, field in (
        ({"description": ""}, "description"),
        ({"place": "", "phone": ""}, "place"),
        ({"phone": "call me"}, "phone"),
        ({"sum": "99"}, "sum"),
        ({"sum": "three"}, "sum"),
        ({"token": "forged"}, "sum"),
    ):
        answer = citizen.post("/write/", **{**page, **change})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text, field
        assert "修好" in answer.text
        assert asked(answer.text)
    clock.advance(hours=3)
    late = citizen.post("/write/", **page)
    assert 'id="sum-error"' in late.text
    assert tickets(city) == []
    assert citizen.post("/write/", **{**page, **asked(late.text)}).status_code == 200


def test_an_anonymous_citizen_is_told_what_that_means(citizen: Citizen, city: City) -> None:  # noqa: F811
    answer = citizen.post("/write/", **{**form(citizen), "phone": ""})
    assert "您没有留电话" in answer.text
    assert [ticket.complainant_phone for ticket in tickets(city)] == [""]


def test_one_address_sends_so_much_and_no_more(citizen: Citizen, city: City, clock: FixedClock) -> None:  # noqa: F811
    page = form(citizen)
    for _ in range(TRIES_PER_ADDRESS):
        assert citizen.post("/write/", **{**page, "sum": "99"}).status_code == 422
    answer = citizen.post("/write/", **page)
    assert answer.status_code == 429
    assert "路灯不亮" in answer.text
    assert tickets(city) == []
    clock.advance(minutes=16)
    assert citizen.post("/write/", **page).status_code == 200


def test_what_is_set_aside_says_why_to_its_citizen(browser: Browser, citizen: Citizen, city: City) -> None:  # noqa: F811
    citizen.post("/write/", **form(citizen))
    (ticket,) = tickets(city)
    where = f"/intake/web/{ticket.id}/aside"
    browser.sign_in(city.screener)
    assert "到接线台登记" not in browser.get("/intake/web")
    assert browser.post(where, why=" ").status_code in (409, 422)
    assert browser.post(where, why="与昨天的来件重复").status_code == 302
    assert "没有网上来件" in browser.get("/intake/web")
    assert browser.post(where, why="再来一次").status_code == 409
    page = citizen.open(ticket.id)
    assert "<h1>没有登记</h1>" in page
    assert "与昨天的来件重复" in page
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket.id).state is State.DRAFT


def test_what_an_agent_seals_still_waits_for_somebody_without_a_word_of_it(
    browser: Browser,
    citizen: Citizen,  # noqa: F811
    city: City,
) -> None:
    citizen.post("/write/", **form(citizen))
    (ticket,) = tickets(city)
    browser.sign_in(city.agent)
    sealed = {**FORM, "description": "路灯不亮", "confidentiality": "sealed"}
    assert browser.post(f"/desk/draft/{ticket.id}", **sealed).status_code == 200
    page = browser.get("/intake/web")
    assert (ticket.number or "") in page
    assert f"/desk/?draft={ticket.id}" in page
    assert "路灯不亮" not in page
    assert browser.post(f"/intake/web/{ticket.id}/aside", why="不归我们").status_code == 409
    assert browser.post(f"/desk/draft/{ticket.id}/register", **sealed).status_code == 200
    assert [one.state for one in tickets(city)] == [State.REGISTERED]


def test_who_may_see_what_citizens_write(browser: Browser, city: City) -> None:
    browser.sign_in(city.dispatcher)
    assert browser.client.get("/intake/web").status_code == 403
    assert browser.post("/intake/web/1/aside", why="不归我们").status_code == 403


def test_writing_receipt_and_list_speak_english(browser: Browser, citizen: Citizen, city: City) -> None:  # noqa: F811
    citizen.post("/language", language="en", next="/write/")
    page = citizen.client.get("/write/").text
    digits = re.search(r"What is (\d) plus (\d)\?", page)
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert digits is not None
    assert token is not None
    answer = str(int(digits[1]) + int(digits[2]))
    words = {"description": "The lamp is dark", "place": "8 Xingfu Road", "token": token[1]}
    pages = [
        page,
        citizen.post("/write/", **words, sum="99").text,
        citizen.post("/write/", **words, sum=answer).text,
    ]

    browser.sign_in(city.agent)
    browser.post("/language", language="en", next="/intake/")
    pages.append(browser.get("/intake/web").replace("热线中心", ""))
    assert "The lamp is dark" in pages[-1]
    fields = {**FORM, "source_number": "18"}
    pages.append(browser.get(browser.post("/intake/", **fields, key="k").location))
    assert "Handed down by an upper level" in pages[-1]
    for shown in pages:
        assert not CHINESE.search(NOT_OURS.sub("", shown)), CHINESE.findall(NOT_OURS.sub("", shown))
