"""Findings play their second, and are answered by keys."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from hotline.consistency.checking import Checker
from hotline.consistency.models import Answer, ReviewFinding
from hotline.consistency.rules import Kind
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.transcripts.models import Speaker
from tests.e2e.conftest import Enter
from tests.factories import City, complete_draft
from tests.spoken import talked
from tests.telephony.sounds import CITIZEN_HZ, write_tone
from tests.waiting import until

SILENT_FROM = 12.0 + 0.2 * len("我要投诉没有水")
CLOSE = 1.5  # it plays on while we look


def test_a_finding_plays_its_second_and_a_key_answers_it(console: str, city: City, enter: Enter) -> None:
    number = _checked(city)
    reviewer = enter(console, city.reviewer.name)
    page = reviewer.page
    reviewer.open("/findings/?kind=long_silence")
    expect(page.locator(".finding")).to_have_count(1)

    page.keyboard.press("j")
    expect(page.locator(".finding-head a")).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator(".finding .badge", has_text="属实")).to_be_visible()
    until(lambda: _answers(city.context)[Kind.LONG_SILENCE] is Answer.RIGHT, what="the answer to be kept")
    expect(page.locator(".finding-head a")).to_be_focused()
    expect(page.locator(".htmx-added")).to_have_count(0)  # the new row is taken up
    page.keyboard.press("n")  # no, it was not
    expect(page.locator(".finding .badge", has_text="不属实")).to_be_visible()
    until(lambda: _answers(city.context)[Kind.LONG_SILENCE] is Answer.NOT_RIGHT, what="the correction")

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/tickets/{number}#recording-\d+@"))
    until(lambda: _near(_position(page), SILENT_FROM), what="the recording to play from the silence on")


def test_on_its_page_a_ticket_plays_them_again_and_again(console: str, city: City, enter: Enter) -> None:
    number = _checked(city)
    reviewer = enter(console, city.reviewer.name)
    reviewer.open(f"/tickets/{number}")
    silence = reviewer.page.locator(".finding", has_text="长时间沉默")
    for _ in range(2):
        silence.locator(".finding-head a").click()
        until(lambda: _near(_position(reviewer.page), SILENT_FROM), what="playing from the silence on")
        reviewer.page.locator("[data-player] audio").evaluate(
            "(audio) => { audio.pause(); audio.currentTime = 1; }"
        )
    silence.get_by_role("button", name=re.compile("^不属实")).click()
    expect(silence.locator(".badge", has_text="不属实")).to_be_visible()
    assert _position(reviewer.page) == 1, "the player is left alone"
    until(lambda: _answers(city.context)[Kind.LONG_SILENCE] is Answer.NOT_RIGHT, what="the answer to be kept")


def test_what_is_found_appears_by_itself_and_can_be_answered(console: str, city: City, enter: Enter) -> None:
    reviewer = enter(console, city.reviewer.name)
    reviewer.open("/findings/?kind=long_silence")
    reviewer.sees("没有要看的")
    _checked(city)
    expect(reviewer.page.locator(".finding")).to_have_count(1)
    reviewer.page.get_by_role("button", name=re.compile("^已看过")).click()
    until(lambda: _answers(city.context)[Kind.LONG_SILENCE] is Answer.SEEN, what="the answer to be kept")


def _position(page: Page) -> float:
    return float(page.locator("[data-player] audio").evaluate("(audio) => audio.currentTime"))


def _near(position: float, wanted: float) -> bool:
    return wanted <= position < wanted + CLOSE


def _answers(context: Context) -> dict[Kind, Answer | None]:
    with context.reading() as session:
        return {row.kind: row.answer for row in session.scalars(select(ReviewFinding))}


def _checked(city: City) -> str:
    """A call with a long silence, its mix on disk, that was looked at. Returns its ticket's number."""
    context, ticket_id = city.context, city.drafted()
    with context.reading() as session:
        linkedid = session.get_one(Ticket, ticket_id).contact.source_ref
    folder = context.settings.spool_dir / f"2020/04/30/{linkedid}"
    folder.mkdir(parents=True)
    write_tone(folder / "mix.wav", CITIZEN_HZ, 60.0)
    said = [
        (Speaker.AGENT, 6.0, "您好幺二三四五热线"),
        (Speaker.CALLER, 12.0, "我要投诉没有水"),
        (Speaker.AGENT, 45.0, "感谢您的来电再见"),
    ]
    talked(context, ticket_id, said, city.agent, seconds=60.0)
    number = register(context.acting_as(city.agent), ticket_id, complete_draft())
    assert Checker(context).check_due() == 1
    return number
