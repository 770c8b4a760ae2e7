"""Signing in, what is closed to whom, and what every response carries."""

from pathlib import Path

import pytest
from flask import Flask

from agent_console.app import create_app
from agent_console.people.entering import inside
from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed
from hotline.database import Database
from hotline.people.actors import Role
from hotline.people.models import User
from tests.factories import CITIZEN, PASSWORD, City, FakeTelephone, FixedClock, department, make_context, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of


def test_a_stranger_is_led_to_sign_in_and_back(browser: Browser, city: City) -> None:
    answer = browser.client.get("/board/")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/board/"
    answer = browser.post(answer.location, username=city.agent.name, password=PASSWORD)
    assert answer.location == "/board/"


def test_a_part_of_a_page_sends_a_stranger_to_sign_in(browser: Browser) -> None:
    answer = browser.client.get("/desk/call", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


@pytest.mark.parametrize("target", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", ""])
def test_sign_in_leads_nowhere_else(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert inside(target) == "/"


def test_wrong_passwords_lock_the_account_and_say_so(browser: Browser, city: City, clock: FixedClock) -> None:
    for _ in range(5):
        answer = browser.post("/sign-in", username=city.agent.name, password="wrong password")
        assert answer.status_code == 422
        assert "用户名或密码不对。" in answer.text
    answer = browser.post("/sign-in", username=city.agent.name, password=PASSWORD)
    assert "账号已锁定 15 分钟" in answer.text
    clock.advance(minutes=16)
    browser.sign_in(city.agent)


def test_an_unknown_user_is_told_the_same_as_a_wrong_password(browser: Browser) -> None:
    answer = browser.post("/sign-in", username="nobody", password="wrong password")
    assert (answer.status_code, "用户名或密码不对。" in answer.text) == (422, True)


def test_a_form_without_the_token_is_refused(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    for path in ("/desk/seat/ready", f"/desk/draft/{city.drafted()}", "/language", "/sign-out"):
        answer = browser.client.post(path)
        assert answer.status_code == 400, path
        assert "页面已过期" in answer.text


def test_signing_in_starts_a_new_session(browser: Browser, city: City) -> None:
    with browser.client.session_transaction() as session:
        session["planted"] = "before"
    browser.sign_in(city.agent)
    with browser.client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_it(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    browser.post("/sign-out")
    assert browser.client.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("agent", ("/screening", "/dispatch", "/review", "/follow-ups", "/unit")),
        ("handler", ("/desk/", "/desk/phone", "/board/", "/screening", "/follow-ups")),
        ("screener", ("/desk/", "/dispatch", "/unit")),
    ],
)
def test_other_peoples_places_are_closed(
    role: str, closed: tuple[str, ...], browser: Browser, city: City
) -> None:
    browser.sign_in(getattr(city, role))
    for path in closed:
        answer = browser.client.get(path)
        assert answer.status_code == 403, path
        assert "这里不向您开放" in answer.text


def test_a_department_reads_its_own_tickets_alone(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    outsider = user(city.context, city.police_id, Role.HANDLER)
    browser.sign_in(city.handler)
    assert CITIZEN in browser.get(f"/tickets/{number}")
    browser.post("/sign-out")
    browser.sign_in(outsider)
    assert browser.client.get(f"/tickets/{number}").status_code == 403
    assert browser.post(f"/tickets/{number}/sign").status_code == 403


def test_numbers_are_masked_for_roles_that_need_none(browser: Browser, city: City) -> None:
    number = number_of(city, city.owed())
    browser.sign_in(city.callback_agent)
    for page in (browser.get(f"/tickets/{number}"), browser.get(f"/follow-ups?open={number}")):
        assert CITIZEN not in page
        assert "138****1234" in page
        assert "王小明" not in page


def test_the_board_never_shows_a_number(browser: Browser, city: City) -> None:
    city.drafted()
    seat_changed(city.context, "1001", SeatState.PAUSED, "meal")
    page = browser.sign_in(city.supervisor).get("/board/")
    assert CITIZEN not in page
    assert "138****1234" in page
    assert "用餐" in page


def test_every_response_is_locked_down(app: Flask, browser: Browser, city: City) -> None:
    for answer in (browser.client.get("/sign-in"), browser.client.get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "unsafe" not in policy
        assert "connect-src 'self' ws://localhost:8088/ws;" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    cookie = Browser(app).client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_telephones_password_is_for_its_own_agent(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    account = browser.client.get("/desk/phone").json
    assert [exchange["uri"] for exchange in account["exchanges"]] == ["sip:agent-1001@127.0.0.1"]
    assert len(account["password"]) == 32
    assert account["password"] not in browser.get("/desk/")


def test_signing_out_ends_the_telephones_account(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    browser.sign_in(city.agent)
    first = browser.client.get("/desk/phone").json
    assert browser.client.get("/desk/phone").json["password"] == first["password"]
    assert first["expires"]
    browser.post("/sign-out")
    assert telephone.asked[-1] == ("take_account", "1001", "browser")
    browser.sign_in(city.agent)
    assert browser.client.get("/desk/phone").json["password"] != first["password"]


def test_an_agent_without_a_telephone_has_a_desk(browser: Browser, city: City) -> None:
    browser.sign_in(user(city.context, city.hotline_id, Role.AGENT))
    assert "现在不接电话" in browser.get("/desk/")
    assert browser.client.get("/desk/phone").status_code == 404
    assert browser.post("/desk/seat/ready").status_code == 409


def test_an_extension_of_another_is_out_of_reach(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    """Whatever a form says, a seat's state is changed for the agent's own extension."""
    browser.sign_in(city.agent)
    browser.post("/desk/seat/ready", extension="1002")
    assert telephone.asked == [("make_ready", "1001")]


def test_a_deactivated_user_is_out_at_once(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    with city.context.writing() as session:
        session.get_one(User, city.agent.user_id).is_active = False
    assert browser.client.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search?q=%00", 400),
        ("/tickets/%00", 400),
        (f"/desk/?draft={10**30}", 200),
        (f"/desk/draft?shown={10**30}", 200),
        ("/tickets/20200430DH0000010/tracks/99999999999999999999.wav", 404),
        ("/screening?open=nothing", 403),
        ("/static/../../pyproject.toml", 404),
    ],
)
def test_odd_addresses_are_answered_in_plain_words(
    path: str, status: int, browser: Browser, city: City
) -> None:
    answer = browser.sign_in(city.agent).client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_who_has_no_list_begins_at_the_home_page(browser: Browser, city: City) -> None:
    office = department(city.context, "office")
    browser.sign_in(user(city.context, office, Role.ANALYST))
    assert browser.client.get("/").location == "/welcome"


def test_behind_a_proxy_with_tls_cookie_and_telephone_are_secure(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    context = make_context(sqlite_database, clock, tmp_path, public_url="https://12345.city.example")
    client = create_app(context, FakeTelephone()).test_client()
    said_by_the_proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "12345.city.example"}

    answer = client.get("/sign-in", headers=said_by_the_proxy)

    assert "connect-src 'self' wss://12345.city.example/ws;" in answer.headers["Content-Security-Policy"]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_without_a_proxy_nobody_can_pretend_to_be_one(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.AGENT, "/desk/"),
        (Role.SCREENER, "/screening"),
        (Role.DISPATCHER, "/dispatch"),
        (Role.HANDLER, "/unit"),
        (Role.REVIEWER, "/review"),
        (Role.CALLBACK_AGENT, "/follow-ups"),
        (Role.SUPERVISOR, "/board/"),
        (Role.AUDITOR, "/audit"),
    ],
)
def test_everybody_begins_at_their_main_place(app: Flask, city: City, role: Role, home: str) -> None:
    extension = "1009" if role is Role.AGENT else None
    person = user(city.context, city.hotline_id, role, extension=extension)
    assert Browser(app).sign_in(person).client.get("/").location == home
