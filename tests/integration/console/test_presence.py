"""Two people at one ticket see each other, and a page that is stale says so and loses no words."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape

from flask import Flask

from agent_console.presence.staying import Staying
from agent_console.replies.forms import ReplyForm
from agent_console.typed import typed
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor
from hotline.presence.queries import others_at
from hotline.presence.service import HOLDS, RENEWED_EVERY
from hotline.sealing.service import refer_lead
from tests.factories import City, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_live import events_so_far
from tests.integration.console.test_pages import number_of


@contextmanager
def looking(app: Flask, city: City, actor: Actor, ticket_id: int) -> Iterator[str]:
    """This person's page of the ticket is open; what its event stream says first."""
    after = events_so_far(city.context)
    answer = (
        Browser(app).sign_in(actor).client.get(f"/events?after={after}&ticket={ticket_id}", buffered=False)
    )
    with closing(answer.response) as stream:  # type: ignore[type-var]
        assert next(stream) == b"retry: 1000\n\n"  # type: ignore[call-overload]
        yield next(stream).decode()  # type: ignore[call-overload]


def test_they_see_each_other_while_they_look(app: Flask, browser: Browser, city: City) -> None:
    ticket_id = city.accepted()
    number, name = number_of(city, ticket_id), city.dispatcher.name
    places = (f"/tickets/{number}", f"/tickets/{number}/others", f"/dispatch?open={number}")
    rows = ("/dispatch", f"/tickets/{number}/here")
    with looking(app, city, city.dispatcher, ticket_id) as message:
        assert f"presence-{ticket_id} presences" in message
        browser.sign_in(city.supervisor)
        assert f'data-live-ticket="{ticket_id}"' in browser.get(places[0])
        assert f"{name} 也打开了这件工单，从 04-30 16:00 起" in browser.get(places[1])
        browser.post("/sign-out")
        with looking(app, city, city.supervisor, ticket_id):
            browser.sign_in(city.dispatcher)  # sees the supervisor, and not themselves
            for place in places:
                page = browser.get(place)
                assert f"{city.supervisor.name} 也打开了这件工单" in page, place
                assert f"{name} 也打开了" not in page, place
            assert all(f"{city.supervisor.name} 打开着" in browser.get(row) for row in rows)
    assert not any("打开了这件" in browser.get(place) for place in places)
    assert not any("打开着" in browser.get(row) for row in rows)


def test_a_part_that_is_fetched_meanwhile_leaves_the_message_of_what_was_done(
    browser: Browser, city: City
) -> None:
    """A cookie of the part would put the session back to before the deed."""
    number = number_of(city, city.accepted())
    browser.sign_in(city.supervisor).get(f"/tickets/{number}")
    for part in ("here", "others", "moved?since=1"):
        assert "Set-Cookie" not in browser.client.get(f"/tickets/{number}/{part}").headers, part


def test_nothing_is_told_of_a_sealed_ticket(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    browser.sign_in(city.supervisor)
    answers = [browser.client.get(f"/tickets/{number}/{part}").status_code for part in ("here", "others")]
    assert answers == [404, 404]


def test_a_page_says_again_that_it_is_there_and_goes_on_after_its_stream(
    city: City, clock: FixedClock
) -> None:
    ticket_id, came = city.accepted(), clock.now()
    context = city.context.acting_as(city.dispatcher)

    def since() -> list[object]:
        with context.reading() as session:
            here = others_at(session, [ticket_id], None, clock.now())
        return [one.since for one in here.get(ticket_id, ())]

    with Staying(context, ticket_id) as staying:
        for _ in range(5):
            clock.advance(seconds=RENEWED_EVERY.total_seconds())
            staying.stay()
        staying.comes_back()
    with Staying(context, ticket_id):
        assert since() == [came]
    assert since() == [came]  # the first stream has not let go, and nobody renews it
    clock.advance(seconds=HOLDS.total_seconds())
    assert since() == []


def test_a_page_whose_ticket_has_moved_says_who_moved_it_and_where(browser: Browser, city: City) -> None:
    ticket_id = city.accepted()
    number = number_of(city, ticket_id)
    browser.sign_in(city.dispatcher)
    pages = [browser.get(path) for path in (f"/tickets/{number}", f"/dispatch?open={number}")]
    asked = {
        unescape(found)
        for page in pages
        for found in re.findall(r'hx-get="(/tickets/[^"]+/moved\?[^"]+)"', page)
    }
    (address,) = asked  # both pages ask from the same line of the history on
    assert "变动" not in browser.get(address)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    told = browser.get(address)
    assert f"{city.dispatcher.name}（派单员）：派单，待派单 → 待签收，水务局" in told
    sign(city.context.acting_as(city.handler), ticket_id)
    assert "签收，待签收 → 办理中" in browser.get(address)
    assert browser.client.get(f"/tickets/{number}/moved?since=x").status_code == 400


def test_what_was_typed_stays_when_the_step_is_over(browser: Browser, city: City) -> None:
    ticket_id = city.accepted()
    number, opinion = number_of(city, ticket_id), "三楼以上无水，请当天到现场"
    browser.sign_in(city.dispatcher)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    answer = browser.post(f"/tickets/{number}/dispatch", lead_id=city.water_id, reason=opinion)
    assert (answer.status_code, "不能做这一步" in answer.text) == (409, True)
    assert "派单意见" in answer.text
    assert re.search(rf"<textarea[^>]*readonly[^>]*>{opinion}</textarea>", answer.text)


def test_texts_of_a_form_and_of_the_forms_in_it(app: Flask) -> None:
    with app.test_request_context(
        method="POST", data={"public_text": " 已换阀门 ", "quantities-0-what": "阀门"}
    ):
        assert [text for _label, text in typed(ReplyForm(meta={"csrf": False}))] == ["已换阀门", "阀门"]
