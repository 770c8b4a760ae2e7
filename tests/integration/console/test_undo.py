"""The offer to take a deed back: on the next page, once, and refused where something else has happened."""

import re

from flask import Flask

from agent_console.undoing.offers import UNDOS
from hotline.calls.models import CallbackState
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_callbacks import abandons, owed

OFFER = re.compile(r'action="(/undo/[^"]+)".*?name="at" value="([^"]+)"', re.DOTALL)


def test_a_slip_is_taken_back_from_its_message(browser: Browser, city: City) -> None:
    abandons(city.context)
    browser.sign_in(city.agent)
    owed_id = owed(city.context).id
    browser.post(f"/callbacks/{owed_id}/done", reason="点错了")
    page = browser.get("/callbacks/")
    assert "已记录，不再回电。" in page
    [(path, at)] = OFFER.findall(page)
    assert OFFER.findall(browser.get("/callbacks/")) == [], "once: on the page that tells of it"

    assert browser.post(path, at="yesterday").status_code == 400
    answer = browser.post(path, at=at)
    assert (answer.status_code, answer.location) == (302, "/callbacks/")
    assert owed(city.context).state is CallbackState.WAITING
    assert "已撤销，和刚才一样。" in browser.get("/callbacks/")
    browser.post(path, at=at)
    assert "之后又有变化，不能撤销了。请看现在的情况。" in browser.get("/callbacks/")


def test_only_deeds_that_can_be_taken_back_have_an_address(browser: Browser, app: Flask, city: City) -> None:
    browser.sign_in(city.handler)
    assert browser.post("/undo/ticket/1", at="2020-05-06T08:00:00+00:00").status_code == 404
    assert browser.post("/undo/callback/1", at="2020-05-06T08:00:00+00:00").status_code == 403
    assert {undo.endpoint for undo in UNDOS.values()} <= set(app.view_functions)
