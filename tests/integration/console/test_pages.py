"""Every page renders for those whom it is for, in both languages, with nothing inline in it."""

import re

import pytest
from flask import Flask

from agent_console.access import STATIC, says_who_may
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from tests.factories import City
from tests.integration.console.conftest import Browser

PAGES = (
    "/desk/",
    "/board/",
    "/board/wall",
    "/directory/",
    "/intake/",
    "/intake/web",
    "/imports/",
    "/screening",
    "/screening/waiting",
    "/screening/refusals",
    "/screening/answers",
    "/coordination",
    "/referrals",
    "/referrals/ended",
    "/sealed/envelopes",
    "/dispatch",
    "/lists/dispatch.queue/filters/new?urgency=flash&q=x",
    "/returns",
    "/extensions",
    "/suspensions",
    "/supervision",
    "/supervision/inaction",
    "/supervision/repeats",
    "/supervision/suggestions",
    "/instructions",
    "/inspections/",
    "/inspections/new",
    "/joint/",
    "/campaigns/",
    "/campaigns/new",
    "/appeals",
    "/merged",
    "/reminded",
    "/incidents/",
    "/incidents/new",
    "/review",
    "/follow-ups",
    "/rework",
    "/harassment/",
    "/catalogue/",
    "/catalogue/classes",
    "/knowledge/",
    "/knowledge/?words=x&shelf=ended",
    "/roster/",
    "/staffing/",
    "/lines/",
    "/lines/leaders",
    "/deadlines/",
    "/deadlines/limits",
    "/search",
    "/search?q=x",
    "/search?q=x&in=calls",
    "/search?q=x&in=people",
    "/retention",
    "/search?q=20200101DH0000000",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Chinese on an English page: what people wrote, names, and the switch back.
NOT_OURS = re.compile(r"<button[^>]*lang=\"zh-CN\".*?</button>", re.DOTALL)


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != STATIC and not says_who_may(app.view_functions[rule.endpoint])
    ]
    assert silent == []


def test_pages_without_tickets_render(browser: Browser, all_rounder: Actor, language: str) -> None:
    browser.sign_in(all_rounder)  # once: to found a city and to sign in takes longer than a page
    for path in PAGES:
        page = browser.get(path)
        _is_sound(page, language, path)
        if language == "en":
            ours = NOT_OURS.sub("", page).replace("热线中心", "")
            assert not CHINESE.search(ours), (path, CHINESE.findall(page))


@pytest.mark.parametrize(
    ("stage", "path"),
    [
        ("registered", "/screening"),
        ("accepted", "/dispatch"),
        ("signed", "/search"),
        ("replied", "/review"),
        ("owed", "/follow-ups"),
    ],
)
def test_tickets_render_at_every_stage(
    stage: str, path: str, browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    number = number_of(city, getattr(city, stage)())
    browser.sign_in(all_rounder)
    assert number in browser.get(path) or path == "/search"
    _is_sound(browser.get(f"{path}?open={number}"), language)
    page = browser.get(f"/tickets/{number}")
    _is_sound(page, language)
    assert "三楼以上早晚没有水。" in page


def test_the_units_pages_render(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    for actor in (city.handler, city.leader):
        browser.sign_in(actor)
        assert number in browser.get("/unit")
        _is_sound(browser.get(f"/unit?open={number}"), "zh")
        browser.post("/sign-out")


def _is_sound(page: str, language: str, path: str = "") -> None:
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in page, path
    assert not re.search(r"<script(?![^>]*\bsrc=)", page), f"{path} inline script"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), f"{path} inline style or handler"


def number_of(city: City, ticket: int | tuple[int, int]) -> str:
    """The ticket's number."""
    ticket_id = ticket if isinstance(ticket, int) else ticket[0]
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""
