"""Setting up the second factor and signing in with it, as pages."""

import re
from pathlib import Path

import pytest
from flask import Flask
from pyotp import TOTP

from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Actor, Role
from tests.factories import PASSWORD, City, FixedClock, make_context, user
from tests.integration.console.conftest import Browser


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Auditors must have a second factor here."""
    return make_context(sqlite_database, clock, tmp_path, second_factor_roles=(Role.AUDITOR,))


@pytest.fixture
def auditor(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.AUDITOR, Role.AGENT, extension="1099")


def set_up(browser: Browser, clock: FixedClock) -> tuple[TOTP, list[str]]:
    """By the page's own words; the next half-minute has begun afterwards."""
    assert browser.post("/account/second-factor").location == "/account/second-factor"
    page = browser.get("/account/second-factor")
    secret = re.search(r"<code class=\"number\">([A-Z2-7]{32})</code>", page)
    assert secret is not None
    assert "<svg" in page
    assert "style=" not in page
    authenticator = TOTP(secret[1])
    shown = browser.post("/account/second-factor/confirmation", code=authenticator.at(clock.now())).text
    clock.advance(seconds=30)
    return authenticator, re.findall(r"data-recovery-code>([A-Z2-7-]+)<", shown)


def test_a_role_that_must_have_it_comes_to_its_page_alone(
    browser: Browser, city: City, auditor: Actor, clock: FixedClock
) -> None:
    browser.sign_in(auditor)
    assert browser.client.get("/audit").location == "/account/second-factor"
    assert browser.post("/desk/seat/ready").location == "/account/second-factor"
    part = browser.client.get("/desk/call", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/account/second-factor")
    assert "data-live" not in browser.get("/account/second-factor")
    refused = browser.post("/account/second-factor/confirmation", code="000000")
    assert refused.status_code == 409
    set_up(browser, clock)
    assert browser.get("/audit")


def test_signing_in_asks_for_the_code_and_then_leads_on(
    browser: Browser, app: Flask, city: City, auditor: Actor, clock: FixedClock
) -> None:
    authenticator, recovery = set_up(browser.sign_in(auditor), clock)
    assert len(recovery) == 10
    other = Browser(app)
    asked = other.post("/sign-in?next=/audit", username=auditor.name, password=PASSWORD)
    assert asked.location == "/sign-in/code?next=/audit"
    assert other.client.get("/audit").location == "/sign-in?next=/audit"
    wrong = other.post(asked.location, code="000000")
    assert (wrong.status_code, "验证码不对" in wrong.text) == (422, True)
    assert other.post(asked.location, code=authenticator.at(clock.now())).location == "/audit"
    assert other.get("/audit")
    by_recovery = Browser(app)
    by_recovery.post("/sign-in", username=auditor.name, password=PASSWORD)
    assert by_recovery.post("/sign-in/code", code=recovery[0]).location == "/"
    assert "9" in by_recovery.get("/account/second-factor")


def test_a_password_waits_ten_minutes_for_its_code(
    browser: Browser, app: Flask, city: City, auditor: Actor, clock: FixedClock
) -> None:
    authenticator, _ = set_up(browser.sign_in(auditor), clock)
    late = Browser(app)
    assert late.client.get("/sign-in/code").location == "/sign-in"
    late.post("/sign-in", username=auditor.name, password=PASSWORD)
    clock.advance(minutes=11)
    assert late.post("/sign-in/code", code=authenticator.at(clock.now())).location == "/sign-in"
    assert late.client.get("/audit").status_code == 302


def test_a_headset_asks_for_the_code_too(
    browser: Browser, app: Flask, city: City, auditor: Actor, clock: FixedClock
) -> None:
    proof = {"username": auditor.name, "password": PASSWORD}

    def answer(**more: str):  # type: ignore[no-untyped-def]
        return browser.client.post("/headset/sign-in", json={**proof, **more})

    assert answer().json == {"refused": "second_factor"}
    authenticator, _ = set_up(Browser(app).sign_in(auditor), clock)
    assert answer().json == {"refused": "code_needed"}
    assert answer(code="000000").json == {"refused": "wrong_password"}
    assert answer(code=authenticator.at(clock.now())).json["extension"] == "1099"


def test_everybody_may_have_one_and_read_of_it_in_english(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    browser.sign_in(city.agent)
    browser.post("/language", language="en")
    assert "Not on" in browser.get("/account/")
    assert "Start" in browser.get("/account/second-factor")
    authenticator, _ = set_up(browser, clock)
    page = browser.post("/account/second-factor/removal", code="1")
    assert page.status_code == 422
    browser.post("/account/second-factor/removal", code=authenticator.at(clock.now()))
    assert "Not on" in browser.get("/account/")
