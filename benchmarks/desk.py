"""From "hello" to a registered ticket: how long a usual complaint keeps an agent at the desk.

    python -m benchmarks.desk

A citizen behind the trunk speaks; an agent in Chromium answers by key, watches the words arrive, reads each
suggestion for as long as people do and takes it with Tab, types what nobody suggested as fast as a trained
agent, and presses Ctrl+Enter. No mouse. Counted is from the moment both are connected until the page says
that the ticket is registered; the limit in the same run is the citizen's own speech, which nobody can
shorten. Printed as well: what the desk's first load weighs as it goes over the wire, and how long after a key
the page is painted. One line a figure; the exit status is 1 when a goal is missed.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks._processes import processes
from hotline.cli.demo import city
from hotline.config import Settings
from hotline.context import Context
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.pages import Person
from tests.telephony.conftest import private_settings
from tests.telephony.live_words import CITIZEN_VOICE, Speaks
from tests.telephony.sounds import shorten_greeting

GOAL_S, GOAL_BYTES, GOAL_PAINT_MS = 90.0, 150_000, 100.0
GREETING_S = 3.0
"""How long the agent says "12345, 您好，请问有什么可以帮您"."""
READ_S = 2.0
"""To read a suggestion and the words that it comes from."""
CHARACTERS_A_MINUTE = 80
"""Chinese ones, with an input method: what hotlines ask of whom they employ."""
AGENT, EXTENSION = "wangli", "1001"
COMPLAINTS = (
    "您好我要投诉，市北区同安路六十八号楼下的烧烤店，每天晚上油烟直接往楼上排，家里不敢开窗户，希望你们尽快派人来管一管",
    "我住在市北区威海路十八号，家里的暖气已经三天不热了，老人冻得受不了，请你们尽快派师傅来修",
    "李沧区九水路三百号小区，从昨天晚上开始停水，到现在也没有人通知，什么时候能来水",
)
_MUST_TYPE = {"description": "市民反映的情况如通话所述，请核实处理。", "demands": "请尽快处理并答复"}
_PAINTS = """
new PerformanceObserver((list) => {
  window.paints = (window.paints ?? []).concat(list.getEntries().map((entry) => entry.duration));
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass(frozen=True)
class Taken:
    """One complaint: seconds until it was registered, those that the citizen spoke, what was pressed."""

    seconds: float
    speech: float
    suggestions: int
    typed: int


def main() -> int:
    """Exit status 0 if every goal is reached."""
    with tempfile.TemporaryDirectory(prefix="desk.") as name:
        folder = Path(name)
        settings = private_settings(folder, wrap_up_seconds=0)
        with _hotline(folder, settings) as network, _agent(settings) as page:
            weight = _first_load(page, settings)
            agent = _at_the_desk(page, settings)
            taken = [_take(agent, network, folder, number) for number in range(len(COMPLAINTS))]
            paints = page.evaluate("window.paints ?? []")
    return _judge(taken, weight, paints)


@contextmanager
def _hotline(folder: Path, settings: Settings) -> Iterator[TelephoneNetwork]:
    shorten_greeting(settings.state_dir)
    context = Context.of(settings)
    context.database.upgrade()
    city.load(context)
    context.database.dispose()
    seats = tuple(seats_of([EXTENSION], settings.secrets.sip))
    with (
        Pbx(prepare(settings, seats)),
        TelephoneNetwork(settings) as network,
        processes(settings, "ivr", "live", "web"),
    ):
        yield network


@contextmanager
def _agent(settings: Settings) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
        page.add_init_script(_PAINTS)
        page.on("dialog", lambda dialog: dialog.accept())
        yield page
        browser.close()


def _first_load(page: Page, settings: Settings) -> int:
    """Bytes over the wire of the desk in a browser that has nothing of it yet."""
    Person(page, _address(settings)).sign_in(AGENT, city.PASSWORD)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    page.goto(f"{_address(settings)}/desk/")
    expect(page.locator("[data-phone=registered]")).to_be_visible()
    wire.detach()
    return round(sum(received))


def _at_the_desk(page: Page, settings: Settings) -> Person:
    agent = Person(page, _address(settings))
    agent.phone_is("registered")
    agent.press("就绪")
    return agent


def _take(agent: Person, network: TelephoneNetwork, folder: Path, number: int) -> Taken:
    """One call, from ringing to registered; then the agent is free again."""
    page = agent.page
    citizen = Speaks(CITIZEN_VOICE, folder)
    citizen.call = network.citizen_calls(f"1391234567{number}", citizen.script())
    agent.phone_is("ringing")
    page.keyboard.press("Alt+a")
    agent.phone_is("talking")
    connected_at = time.monotonic()
    page.wait_for_timeout(GREETING_S * 1000)
    began = time.monotonic()
    citizen.says(COMPLAINTS[number])
    speech = time.monotonic() - began
    expect(page.locator("[data-offers] [data-field=description]")).to_be_attached()
    suggestions, typed = _write(page)
    page.keyboard.press("Control+Enter")
    agent.sees("已登记，工单编号")
    seconds = time.monotonic() - connected_at
    citizen.hangs_up()
    agent.phone_is("registered")
    return Taken(seconds, speech, suggestions, typed)


def _write(page: Page) -> tuple[int, int]:
    """Through the draft by Tab; returns how many suggestions were taken and characters typed."""
    suggestions = typed = 0
    page.locator("input[name=type]").first.focus()
    while (name := page.evaluate("document.activeElement.name ?? ''")) != "complainant_name":
        is_empty = name == "type" or not page.evaluate("document.activeElement.value")
        if is_empty and page.evaluate("document.activeElement.dataset.offered !== undefined"):
            page.wait_for_timeout(READ_S * 1000)
            suggestions += 1
        elif is_empty and (text := _MUST_TYPE.get(name, "")):
            page.keyboard.type(text, delay=60_000 / CHARACTERS_A_MINUTE)
            typed += len(text)
        page.keyboard.press("Tab")
    return suggestions, typed


def _address(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.web_port}"


def _judge(taken: list[Taken], weight: int, paints: list[float]) -> int:
    for number, one in enumerate(taken, 1):
        print(
            f"complaint {number}: registered {one.seconds:.1f} s after hello, {one.speech:.1f} s of it the "
            f"citizen's speech; {one.suggestions} suggestions taken by Tab, {one.typed} characters typed"
        )
    slowest = max(one.seconds for one in taken)
    ratio = sum(one.seconds for one in taken) / sum(one.speech for one in taken)
    paint = float(np.percentile(paints, 95)) if paints else 0.0
    print(f"first load of the desk: {weight / 1000:.0f} kB (goal < {GOAL_BYTES / 1000:.0f} kB)")
    print(
        f"key to paint: p95 {paint:.0f} ms (goal < {GOAL_PAINT_MS:.0f}) of {len(paints)} that took over 16 ms"
    )
    good = slowest < GOAL_S and weight < GOAL_BYTES and paint < GOAL_PAINT_MS
    print(
        f"desk: {'good' if good else 'MISSED'}; slowest {slowest:.1f} s (goal < {GOAL_S:.0f} s), "
        f"{ratio:.2f} times the speech alone"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
