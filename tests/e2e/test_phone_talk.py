"""The phone bar during a call, by keyboard; a refreshed page resumes its call."""

from datetime import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.cli.demo import city
from hotline.contacts.models import Contact
from hotline.directory.models import DutyPhone
from hotline.monitoring.floor import sign_off_seat
from hotline.people.models import Department, User
from ivr.control import AmiCallControl
from ivr.prompts.wave_files import RATE
from tests.e2e.conftest import Enter
from tests.e2e.hotline import Hotline, goes_home
from tests.e2e.pages import MOVES, Person
from tests.telephony.hearing import CITIZEN, EXPERT, wait_until_closed
from tests.telephony.people import Person as Somebody
from tests.telephony.sounds import AGENT_HZ, read_wave, tone_seconds
from tests.waiting import until

AGENT = "wangli"
EXPERT_NUMBER, EXPERT_LABEL = "84119999", "环保专线"
MUTED_SECONDS = 2.0
WORDS = "楼下的路灯坏了三天"
QUIET = 0.003
NERVOUS_MS = 700
"""After so long a second press of the same key is meant (panels.ts)."""


# A headset cannot be pulled out of a browser that plays its microphone from a file.
_UNPLUG = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.plugged = true;
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (!window.plugged) throw new DOMException("no", "NotFoundError");
  window.microphone = await real(wanted);
  return window.microphone;
};
window.unplug = () => {
  window.plugged = false;
  for (const track of window.microphone.getTracks()) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
};
window.plugIn = () => {
  window.plugged = true;
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
};
"""


# Sound that finds no way: browser and exchange refuse each other's checks.
_ASTRAY = """
const real = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
  const wrong = window.astray-- > 0 ? sdp.replace(/^a=ice-pwd:.*$/gm, "a=ice-pwd:" + "0".repeat(32)) : sdp;
  return real.call(this, { type, sdp: wrong });
};
window.astray = TIMES;
"""


# A nervous finger, which no busy machine makes slow.
_NERVOUS = """
() => {
  const key = { key: "h", code: "KeyH", altKey: true, bubbles: true, cancelable: true };
  for (const _ of [1, 2]) document.body.dispatchEvent(new KeyboardEvent("keydown", key));
}
"""


@pytest.fixture
def expert_on_duty(hotline: Hotline) -> None:
    """Somebody of the environment bureau is on duty, day and night."""
    with hotline.context.writing() as session:
        bureau = session.scalars(select(Department).where(Department.code == "environment")).one()
        window = {"from_time": time(0), "until_time": time(0)}
        session.add(DutyPhone(department_id=bureau.id, phone=EXPERT_NUMBER, label=EXPERT_LABEL, **window))


@pytest.fixture
def agent(hotline: Hotline, enter: Enter) -> Person:
    person = enter(hotline.address, AGENT, password=city.PASSWORD)
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.add_init_script(_UNPLUG)
    person.open("/desk/")
    person.phone_is("registered")
    person.press("就绪")
    return person


def calls_and_is_answered(hotline: Hotline, agent: Person, number: str) -> Somebody:
    citizen = Somebody(CITIZEN)
    citizen.call = hotline.network.citizen_calls(number, citizen.script())
    agent.phone_is("ringing")
    expect(agent.page).to_have_title("☎ 来电 · 接线台 · 民声")
    agent.page.keyboard.press("Alt+a")
    agent.phone_is("talking")
    agent.sees("工单草稿")
    return citizen


def hangs_up(hotline: Hotline, agent: Person, citizen: Somebody) -> None:
    """The agent says goodbye and goes home; the citizen's call ends with it."""
    agent.press("挂断")
    agent.phone_is("registered")
    goes_home(hotline, agent, "1001")
    assert citizen.call is not None
    citizen.call.wait_ended(60)


def phase_is(agent: Person, phase: str) -> None:
    expect(agent.page.locator(f'.conversation[data-phase="{phase}"]')).to_be_visible()


def find_while_another_way_is_on_its_way(page: Page) -> None:
    """Who types faster than the panel comes rings nobody in the way that was chosen before."""
    held: list[Route] = []
    page.route("**/panel/add", lambda route: held.append(route))
    with page.expect_request("**/panel/add"):
        page.locator("[data-panel=consult] .ways [hx-get$=add]").click()
    page.locator("[data-panel=consult] #panel-search").fill(EXPERT_LABEL)
    page.keyboard.press("Enter")
    page.wait_for_timeout(NERVOUS_MS)
    expect(page.locator("[data-panel=consult]")).to_be_visible()
    expect(page.locator('.conversation[data-phase="talking"]')).to_be_visible()
    held[0].continue_()
    page.unroute("**/panel/add")


def test_a_panel_closes_with_the_call_that_it_was_opened_for(hotline: Hotline, agent: Person) -> None:
    calls_and_is_answered(hotline, agent, "13912340011")
    agent.press("键盘")
    agent.sees("拨号键盘")
    hotline.pbx.control("channel request hangup all")
    expect(agent.page.locator("dialog[open]")).to_have_count(0)
    agent.sees("整理完毕")
    agent.page.keyboard.press("Alt+w")
    expect(agent.page.locator("[data-seat-state=ready]")).to_have_count(1)
    goes_home(hotline, agent, "1001")


def test_who_is_logged_out_in_a_talk_is_told_that_it_is_the_last_one(hotline: Hotline, agent: Person) -> None:
    calls_and_is_answered(hotline, agent, "13912340012")
    with hotline.context.reading() as session:
        boss = session.scalars(select(User).where(User.username == "zhengqiang")).one().actor()
    sign_off_seat(hotline.context.acting_as(boss), AmiCallControl(hotline.settings), "1001", "late")
    agent.page.evaluate("window.dispatchEvent(new Event('online'))")  # as when the registration is renewed
    agent.sees("督办员已让您下线：说完这一通")
    hotline.pbx.control("channel request hangup all")
    agent.sees("整理完毕")
    agent.page.keyboard.press("Alt+w")
    expect(agent.page.locator("[data-seat-state=offline]")).to_have_count(1)
    agent.sees("督办员已让您下线，不再有来电。")
    agent.complaints.clear()  # of the account that is refused


@pytest.mark.usefixtures("expert_on_duty")
def test_a_call_is_handled_by_keys(hotline: Hotline, agent: Person) -> None:
    citizen = calls_and_is_answered(hotline, agent, "13912340001")
    page = agent.page
    phase_is(agent, "talking")
    until(lambda: min(agent.level("in"), agent.level("out")) > MOVES, 10, "both levels to move")

    page.evaluate(_NERVOUS)  # once is enough
    phase_is(agent, "held")
    expect(page.locator("[data-step=leave]")).to_be_disabled()
    expect(page.locator("[data-step=leave]")).to_have_attribute("title", "通话里没有别的人。")
    page.locator("[data-step=resume]").wait_for()
    expect(page.locator("#talk .htmx-request")).to_have_count(0)
    page.wait_for_timeout(NERVOUS_MS)
    page.keyboard.press("Alt+h")
    phase_is(agent, "talking")

    expert = Somebody(EXPERT)
    expert.call = hotline.network.expect_callback(EXPERT_NUMBER, expert.script())
    expect(page.locator("[data-panel-step=add]")).to_be_enabled()
    page.keyboard.press("Alt+t")
    find_while_another_way_is_on_its_way(page)
    page.locator("[data-panel=add] #panel-search").fill(EXPERT_LABEL)
    page.keyboard.press("Enter")
    expect(page.locator('.party[data-kind="department"][data-state="talking"]')).to_be_visible()
    expect(page.locator(".party.talking")).to_have_count(3)
    page.keyboard.press("Alt+l")
    agent.phone_is("registered")
    agent.sees("整理完毕")
    assert citizen.call is not None
    assert expert.call is not None
    assert not citizen.call.ended.is_set()
    hotline.pbx.control("channel request hangup all")
    citizen.call.wait_ended(60)
    page.keyboard.press("Alt+w")
    expect(page.locator("[data-seat-state=ready]")).to_have_count(1)
    goes_home(hotline, agent, "1001")


def test_a_step_pressed_while_another_is_on_its_way_is_taken_after_it(
    hotline: Hotline, agent: Person
) -> None:
    citizen = calls_and_is_answered(hotline, agent, "13912340006")
    page = agent.page
    phase_is(agent, "talking")
    held: list[Route] = []
    page.route("**/talk/*/hold", lambda route: held.append(route))
    with page.expect_request("**/talk/*/hold"):
        page.keyboard.press("Alt+h")
    agent.press("暂停录音")
    held[0].continue_()
    phase_is(agent, "held")
    agent.sees("录音已暂停")
    hangs_up(hotline, agent, citizen)


def test_what_somebody_presses_is_not_renewed_under_the_pointer(hotline: Hotline, agent: Person) -> None:
    page = agent.page
    expect(page.locator("[data-seat-state=ready]")).to_have_count(1)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.get_by_role("button", name="下班").hover()
    page.mouse.down()
    with page.expect_response("**/desk/seat"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live:desk'))")
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.mouse.up()
    expect(page.locator("[data-seat-state=offline]")).to_have_count(1)


def test_a_muted_a_lost_microphone_and_a_refreshed_page(hotline: Hotline, agent: Person) -> None:
    citizen = calls_and_is_answered(hotline, agent, "13912340002")
    page = agent.page
    agent.hears(CITIZEN)  # else the silence may be that before the first sound, on a busy machine
    agent.is_heard()
    page.keyboard.press("Alt+m")
    page.wait_for_timeout(MUTED_SECONDS * 1000)
    page.keyboard.press("Alt+m")
    page.evaluate("unplug()")
    agent.sees("对方听不到您：麦克风断开了")
    page.evaluate("plugIn()")
    expect(page.locator("[data-phone]")).to_have_attribute("data-warning", "")
    agent.is_heard()
    page.fill("#description", WORDS)
    agent.sees("自动保存")

    page.reload()
    agent.phone_is("talking")
    agent.hears(CITIZEN)
    expect(page.locator("#description")).to_have_value(WORDS)
    hangs_up(hotline, agent, citizen)

    with hotline.context.reading() as session:
        by_number = select(Call.linkedid).join(Call.contact).where(Contact.number == "13912340002")
        linkedid = session.scalars(by_number).one()
    found = hotline.settings.spool_dir.glob(f"*/*/*/{linkedid}/agent-*.wav")
    before, after = sorted(found, key=lambda track: track.stat().st_mtime)
    wait_until_closed(before, after)
    assert longest_silence_between_tones(before) > MUTED_SECONDS / 2
    assert tone_seconds(after, AGENT_HZ) > 0


def test_a_desk_opened_in_a_new_tab_takes_up_the_talk_by_itself(hotline: Hotline, agent: Person) -> None:
    citizen = calls_and_is_answered(hotline, agent, "13912340003")
    window = agent.page.context
    agent.page.close()
    agent.page = window.new_page()
    agent.open("/desk/")
    agent.phone_is("talking")
    agent.hears(CITIZEN)
    hangs_up(hotline, agent, citizen)


def test_a_talk_whose_sound_finds_no_way_is_taken_up_anew_by_itself(hotline: Hotline, agent: Person) -> None:
    agent.page.evaluate(_ASTRAY.replace("TIMES", "1"))
    citizen = calls_and_is_answered(hotline, agent, "13912340004")
    agent.hears(CITIZEN)
    hangs_up(hotline, agent, citizen)


def test_a_desk_that_has_no_sound_twice_gives_the_call_to_the_next(hotline: Hotline, agent: Person) -> None:
    agent.page.evaluate(_ASTRAY.replace("TIMES", "Infinity"))
    citizen = calls_and_is_answered(hotline, agent, "13912340005")
    agent.sees("暂停 · 没有收到坐席的声音")
    agent.sees("没有收到这台电脑的声音")
    until(lambda: "1 calls" in hotline.pbx.control("queue show hotline"), 20, "the citizen in the line again")
    assert citizen.call is not None
    assert not citizen.call.ended.is_set()
    hotline.pbx.control("channel request hangup all")
    citizen.call.wait_ended(60)
    goes_home(hotline, agent, "1001")


def longest_silence_between_tones(track: Path) -> float:
    """Seconds without a sound after the first one and before the last one."""
    samples = read_wave(track)
    frame = RATE // 20
    loudness = np.sqrt((samples[: len(samples) // frame * frame].reshape(-1, frame) ** 2).mean(axis=1))
    [sounding] = np.nonzero(loudness > QUIET)
    return float(np.diff(sounding).max()) * frame / RATE
