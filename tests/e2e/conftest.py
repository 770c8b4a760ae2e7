"""A real Chromium in front of a served console."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from agent_console import build
from agent_console.app import create_app
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from recordings.tracks import Spool
from tests.e2e.hotline import Hotline, running_hotline, served
from tests.e2e.pages import Person
from tests.factories import PASSWORD, City, FakeTelephone, make_context
from tests.own_database import sqlite_database
from tests.telephony.sounds import AGENT_HZ, write_tone

__all__ = ["sqlite_database"]  # a fixture, found by its name

CHROMIUM = "/usr/bin/chromium-headless-shell"  # with windows and menus, `WHOLE`, it takes twice as long
WHOLE = "/usr/bin/chromium"
FLAGS = (
    "--lang=zh-CN",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)
MICROPHONE_SECONDS = 30.0
PATIENCE_MS = 60_000  # where every test runs at once a page may wait for a processor


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/e2e --pictures docs/images` keeps what the tests photograph."""
    parser.addoption("--pictures", type=Path, default=None, help="folder for pictures of the console")


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where pictures are kept: the folder that was asked for, else one that is thrown away."""
    chosen: Path | None = request.config.getoption("--pictures", default=None)
    return chosen or tmp_path


Enter = Callable[..., Person]


@pytest.fixture(scope="session", autouse=True)
def built_console() -> None:
    """Bundle and translations, if they are not built yet."""
    build.compile_translations()
    build.bundle()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium with a fresh profile; its microphone is a file that plays the agents' tone."""
    yield from launched(playwright, CHROMIUM, tmp_path_factory.mktemp("microphone"))


def launched(playwright: Playwright, program: str, folder: Path, *flags: str) -> Iterator[Browser]:
    """The browser while it is wanted; the microphone's file lies in the folder."""
    tone = write_tone(folder / "agent.wav", AGENT_HZ, MICROPHONE_SECONDS)
    browser = playwright.chromium.launch(
        executable_path=program, args=[*FLAGS, *flags, f"--use-file-for-fake-audio-capture={tone}"]
    )
    yield browser
    browser.close()


@pytest.fixture
def context(sqlite_database: Database, tmp_path: Path) -> Context:
    """Served pages need the machine's clock: the browser counts seconds by its own."""
    return make_context(sqlite_database, SystemClock(), tmp_path)


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def console(context: Context, telephone: FakeTelephone) -> Iterator[str]:
    """Address of a served console without a PBX."""
    with served(
        create_app(context, telephone, audio=Spool(context.settings.spool_dir, [bytes(range(32))]))
    ) as address:
        yield address


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Enter]:
    """Opens a browser window of its own for a person and signs them in; a citizen has no name to sign in by.

    Whatever a page complains of (scripts, the Content-Security-Policy) fails the test in the end.
    """
    people: list[Person] = []

    def enter(
        address: str, name: str, width: int = 1366, height: int = 768, password: str = PASSWORD
    ) -> Person:
        # A page that was not allowed a microphone hides the computer's addresses: Asterisk is told two that
        # mean nothing, and gives the sound up if it has tried both before the browser tries.
        window = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", permissions=["microphone"]
        )
        page: Page = window.new_page()
        page.set_default_timeout(PATIENCE_MS)
        people.append(Person(page, address))
        if name:
            people[-1].sign_in(name, password)
        return people[-1]

    yield enter
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.page.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def hotline(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    """A whole hotline with one agent's seat, 1001, for every test that leaves it as it was."""
    with running_hotline(tmp_path_factory.mktemp("hotline"), migrated_sqlite, ("1001",)) as hotline:
        yield hotline


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)
