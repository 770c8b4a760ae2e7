"""The calculator's page: what the hotline's own calls tell, what is typed over it, what is refused."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from hotline.calls.models import Call, CallEnd, CallLeg, CallState
from hotline.calls.way import WayKind, passed
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.queueing.models import Skill
from hotline.tickets.states import Channel
from tests.factories import City, local
from tests.integration.console.conftest import Browser

ASKED = "/staffing/?day=2020-05-07&share=95&within=15"
_numbers = count(1)


@pytest.fixture
def supervisor(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.supervisor)


def called(context: Context, at: datetime, talk: float | None = None, **said: object) -> int:
    """A call that was queued; with `talk` seconds an agent took it, held it for 10 s and wrote for 20 s."""
    uniqueid = f"call-{next(_numbers)}"
    contact = Contact(channel=Channel.PHONE, source_ref=uniqueid, received_at=at)
    call = Call(linkedid=uniqueid, contact=contact, dialled="12345", started_at=at, queued_at=at)
    call.state, call.end = CallState.ENDED, CallEnd.TALKED if talk else CallEnd.ABANDONED
    if talk:
        call.answered_at = at + timedelta(seconds=5)
        leg = CallLeg(uniqueid=uniqueid, channel="c", role="agent", started_at=at, answered_at=at)
        leg.ring_seconds, leg.talk_seconds, leg.hold_seconds, leg.wrap_seconds = 5.0, talk, 10.0, 20.0
        call.legs = [leg]
    for name, value in said.items():
        setattr(call, name, value)
    with context.writing() as session:
        session.add(call)
        session.flush()
        return call.id


def _cells(page: str, span: str) -> list[str]:
    row = page.split(f">{span}</th>", 1)[1].split("</tr>", 1)[0]
    return [cell.split("</td>")[0] for cell in row.split('<td class="number">')[1:]]


def test_own_calls_tell_how_many_people_and_typed_ones_go_before(supervisor: Browser, city: City) -> None:
    for minute in range(30):
        called(city.context, local("2020-04-23 10:00") + timedelta(minutes=minute), talk=100.0)
    called(city.context, local("2020-04-16 10:10"), talk=100.0)
    called(city.context, local("2020-04-16 10:10"), outgoing=True)  # we called
    called(city.context, local("2020-04-16 10:10"), queued_at=None)  # came to nobody's line
    called(city.context, local("2020-04-22 10:10"))  # a Wednesday
    page = supervisor.get(f"{ASKED}&away=0")
    assert "4月23日 周四 30 通" in page
    assert "4月16日 周四 1 通" in page
    assert 'placeholder="15.5"' in page, "the mean of the two days that have calls"
    assert all(f'placeholder="{seconds}"' in page for seconds in (5, 110, 20))
    # 31 calls an hour of 135 s are 1.16 erlang: three agents answer 88.6 % within 10 s, four 97.3 %.
    assert _cells(page, "10:00-10:30") == ["4", "<strong>4</strong>", "4"]
    assert "正好" in page
    page = supervisor.get(f"{ASKED}&away=20&calls_20=60&talk=170")
    agents, people, seats = _cells(page, "10:00-10:30")
    assert int(agents) > 6
    assert f"少 {int(people.strip('</strong>')) - int(seats)} 人" in page
    assert 'value="60"' in page


def test_without_calls_it_says_what_to_do_and_refuses_beside_the_field(supervisor: Browser) -> None:
    assert "前四周的这个星期几没有来电" in supervisor.get("/staffing/")
    answer = supervisor.client.get(f"{ASKED}&away=0&calls_20=12")
    assert answer.status_code == 422
    assert 'id="talk-error">还没有通话记录，请填写' in answer.text
    wrong = "/staffing/?day=2020-05-07&share=100&within=x&away=0&calls_03=-1&calls_04=many&talk=0"
    answer = supervisor.client.get(wrong)
    assert answer.status_code == 422
    for field, said in (
        ("share", "50 到 99 的整数"),
        ("within", "请填写整数"),
        ("talk", "1 到 1800 秒"),
        ("calls_03", "0 到 2000 的整数"),
        ("calls_04", "请填写整数"),
    ):
        assert f'id="{field}-error">{said}' in answer.text
    assert 'value="many"' in answer.text, "what was typed is kept"
    assert supervisor.client.get("/staffing/?day=&share=95&within=15&away=0").status_code == 422


def test_one_skill_is_reckoned_alone(supervisor: Browser, city: City) -> None:
    """Who waits for Cantonese, and who was taken out of that line in the end."""
    with city.context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语组", name_en="Cantonese"))
    at = local("2020-04-23 10:10")
    moved = [passed(WayKind.SKILL, skill="yue")]
    called(city.context, at, talk=200.0, skill="yue")
    called(city.context, at, talk=200.0, way=moved)
    for _ in range(20):
        called(city.context, at, talk=50.0)
    page = supervisor.get(f"{ASKED}&away=0")
    assert 'placeholder="22.0"' in page
    page = supervisor.get(f"{ASKED}&away=0&skill=yue")
    assert 'placeholder="2.0"' in page
    assert 'placeholder="210"' in page, "talk and hold of these two alone"
    assert supervisor.client.get(f"{ASKED}&away=0&skill=wu").status_code == 422
