"""The console on a migrated SQLite database, with a telephone that only writes down what it is asked."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_console import build
from agent_console.app import rooms
from agent_console.house import House
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Actor, Role
from hotline.people.service import choose_language
from hotline.prompts.ports import NO_STUDIO
from recordings.tracks import Spool
from tests.compiled import remembering
from tests.factories import PASSWORD, City, FakeTelephone, FixedClock, make_context, user


@pytest.fixture(scope="session", autouse=True)
def built_console() -> None:
    """Bundle and translations, if they are not built yet."""
    build.compile_translations()
    build.bundle()


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """The console's tests need one database kind: what differs between the two is tested in the core."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture(scope="session")
def shared_rooms() -> Flask:
    """The same pages for all tests: their addresses and templates are compiled once."""
    return remembering(rooms())


@pytest.fixture
def app(context: Context, telephone: FakeTelephone, shared_rooms: Flask) -> Flask:
    """The console of this test's house."""
    House.of(context, telephone, NO_STUDIO, Spool(context.settings.spool_dir)).attach(shared_rooms)
    return shared_rooms


class Browser:
    """A person with a browser: signs in, opens pages, sends forms with the token that the page carries."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self._token = ""

    def sign_in(self, actor: Actor, password: str = PASSWORD) -> "Browser":
        """Through the sign-in page."""
        answer = self.post("/sign-in", username=actor.name, password=password)
        assert answer.status_code == 302, answer.text
        self._token = ""  # was the old session's
        return self

    def get(self, path: str) -> str:
        """The page's text; it must exist."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        self._token = _token_in(answer.text) or self._token
        return answer.text

    def post(self, path: str, **fields: object):  # type: ignore[no-untyped-def]
        """Send a form as a page would; once more, if the page was of a session that is over."""
        had_page = bool(self._token)
        answer = self.client.post(path, data=fields, headers={"X-CSRFToken": self.token()})
        if answer.status_code == 400 and had_page:
            self._token = ""
            answer = self.client.post(path, data=fields, headers={"X-CSRFToken": self.token()})
        return answer

    def token(self) -> str:
        """The token of the page that was opened last, or else of the sign-in page."""
        if not self._token:
            self._token = _token_in(self.client.get("/sign-in").text)
        return self._token


def _token_in(page: str) -> str:
    """The page's token; empty, if it has none."""
    return page.partition('"X-CSRFToken": "')[2].partition('"')[0]


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody is signed in."""
    return Browser(app)


@pytest.fixture
def all_rounder(context: Context, city: City) -> Actor:
    """Somebody of the hotline with every role that has a page."""
    roles = (
        Role.AGENT,
        Role.SCREENER,
        Role.DISPATCHER,
        Role.REVIEWER,
        Role.CALLBACK_AGENT,
        Role.SUPERVISOR,
    )
    return user(context, city.hotline_id, *roles, username="allrounder", extension="1099")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, context: Context, all_rounder: Actor) -> str:
    """Each language in turn, chosen by the all-rounder."""
    assert all_rounder.user_id is not None
    chosen: str = request.param
    choose_language(context, all_rounder.user_id, chosen)
    return chosen
