"""Open pages while somebody stops the hotline: they say so, count along, and say it no longer afterwards."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from hotline.calls.machines import Closing, pbx_seen
from hotline.calls.models import Pbx
from hotline.context import Context
from tests.e2e.conftest import Enter
from tests.factories import City

LASTS = timedelta(minutes=5)


def waits_for(context: Context, calls: int) -> None:
    pbx_seen(context, up=True, closing=Closing(context.now() + LASTS, calls))


def test_the_desk_and_the_board_count_along(city: City, console: str, enter: Enter) -> None:
    agent, boss = enter(console, city.agent.name), enter(console, city.supervisor.name)
    agent.open("/desk/")
    boss.open("/board/")
    for calls in (3, 2):
        waits_for(city.context, calls)
        agent.sees(f"热线正在停止：不再接新来电，还有 {calls} 个通话")
        boss.sees(f"热线正在停止：不再接新来电，还有 {calls} 个通话")
    pbx_seen(city.context, up=True)
    for person in (agent, boss):
        expect(person.page.get_by_text("热线正在停止")).to_have_count(0)


def test_the_desk_forgets_one_who_is_gone_without_a_word(city: City, console: str, enter: Enter) -> None:
    agent = enter(console, city.agent.name)
    agent.open("/desk/")
    waits_for(city.context, 1)
    agent.sees("热线正在停止")
    with city.context.writing() as session:  # its time is over, and no event tells of it
        session.execute(update(Pbx).values(closing_until=city.context.now()))
    expect(agent.page.get_by_text("热线正在停止")).to_have_count(0)
