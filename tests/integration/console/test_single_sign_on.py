"""Single sign-on against a real provider that the test serves itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyotp import TOTP

from hotline.config import load_settings
from hotline.context import Context
from hotline.database import Database
from hotline.people import administration as acts
from hotline.people import second_factor as factor
from hotline.people.actors import Role
from hotline.people.administration import PersonForm
from hotline.people.models import User
from hotline.people.queries import user_by_name
from hotline.setting_errors import SettingsError
from tests.factories import PASSWORD, City, FixedClock, make_context, user
from tests.integration.console.conftest import Browser
from tests.oidc_provider import CLIENT, SECRET, Provider
from tests.ports import free_port


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, clock: FixedClock) -> Provider:
    running.behave()
    running.clock = clock
    return running


@pytest.fixture
def more() -> dict[str, object]:
    """Settings of a test, beside those of the provider."""
    return {}


@pytest.fixture
def context(
    sqlite_database: Database,
    clock: FixedClock,
    tmp_path: Path,
    provider: Provider,
    more: dict[str, object],
) -> Context:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    settings: dict[str, object] = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret_file": str(secret),
    }
    return make_context(sqlite_database, clock, tmp_path, **settings, **more)


def begin(browser: Browser, after: str = "/desk/") -> str:
    answer = browser.client.get(f"/sign-in/sso/?next={after}")
    assert answer.status_code == 302, answer.text
    return answer.location


def come(browser: Browser, provider: Provider, username: str):  # type: ignore[no-untyped-def]
    return browser.client.get(provider.consents(begin(browser), username))


def test_who_is_known_by_the_claim_comes_in_and_goes_out(
    browser: Browser, city: City, provider: Provider
) -> None:
    assert "/sign-in/sso/" in browser.get("/sign-in")
    assert come(browser, provider, city.agent.name).location == "/desk/"
    assert browser.get("/desk/")
    assert browser.post("/sign-out").location == "/sign-in/sso/left"
    way_out = f'href="{provider.issuer}/out?client_id=hotline&amp;post_logout'
    assert way_out in browser.get("/sign-in/sso/left")
    assert browser.client.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    ("spoilt", "signs", "told"),
    [
        ({}, "stranger", "不可信"),
        ({}, "HS256", "不可信"),
        ({}, "none", "不可信"),
        ({"nonce": "another"}, "RS256", "不可信"),
        ({"nonce": None}, "RS256", "不可信"),
        ({"iss": "https://elsewhere.example"}, "RS256", "不可信"),
        ({"aud": "somebody else"}, "RS256", "不可信"),
        ({"aud": [CLIENT, "somebody else"]}, "RS256", "不可信"),
        ({"azp": "somebody else"}, "RS256", "不可信"),
        ({"exp": None}, "RS256", "不可信"),
        ({"exp": 1_500_000_000}, "RS256", "已过期"),
        ({"preferred_username": None}, "RS256", "没有给出用户名"),
        ({"preferred_username": "nobody"}, "RS256", "没有对应的用户"),
    ],
)
def test_a_token_that_is_not_as_it_should_be_lets_nobody_in(
    browser: Browser, city: City, provider: Provider, spoilt: dict[str, object], signs: str, told: str
) -> None:
    provider.spoilt, provider.signs = spoilt, signs
    answer = come(browser, provider, city.agent.name)
    assert (answer.status_code, told in answer.text) == (403, True), answer.text
    assert browser.client.get("/desk/").status_code == 302


def test_an_answer_that_was_not_asked_for_lets_nobody_in(
    browser: Browser, app: Flask, city: City, provider: Provider, clock: FixedClock
) -> None:
    planted = provider.consents(begin(Browser(app)), city.agent.name)
    assert "不是从本页开始" in browser.client.get(planted).text
    begin(browser)
    assert "不是从本页开始" in browser.client.get(planted).text
    back = provider.consents(begin(browser), city.agent.name)
    clock.advance(minutes=16)
    assert "等得太久" in browser.client.get(back).text
    back = provider.consents(begin(browser), city.agent.name)
    assert browser.client.get(back).location == "/desk/"
    assert browser.client.get(back).status_code == 403, "a code counts once"


def test_a_refusal_of_the_provider_is_told(browser: Browser, provider: Provider) -> None:
    with_state = provider.consents(begin(browser), "anybody")
    state = with_state.partition("state=")[2]
    answer = browser.client.get(f"/sign-in/sso/back?error=access_denied&state={state}")
    assert (answer.status_code, "没有放行" in answer.text) == (403, True)


def test_a_provider_that_is_away_is_told_at_both_ends(
    browser: Browser, city: City, provider: Provider
) -> None:
    back = provider.consents(begin(browser), city.agent.name)
    provider.is_away = True
    assert "没有应答" in browser.client.get(back).text
    assert "没有应答" in browser.client.get("/sign-in/sso/").text
    assert "/out" not in browser.get("/sign-in/sso/left")
    browser.sign_in(city.agent)  # passwords still work


def test_who_has_left_or_owes_a_code_is_not_let_in_by_the_provider_alone(
    browser: Browser, app: Flask, city: City, provider: Provider, clock: FixedClock
) -> None:
    acting = city.context.acting_as(city.screener)
    factor.begin(acting)
    waiting = factor.pending(acting)
    assert waiting is not None
    factor.confirm(acting, TOTP(waiting.secret).at(clock.now()))
    clock.advance(seconds=30)
    assert come(browser, provider, city.screener.name).location == "/sign-in/code?next=/desk/"
    assert browser.client.get("/screening").status_code == 302
    browser.post("/sign-in/code", code=TOTP(waiting.secret).at(clock.now()))
    assert browser.get("/screening")
    with city.context.writing() as session:
        session.get_one(User, city.agent.user_id).is_active = False
    assert "没有对应的用户" in come(Browser(app), provider, city.agent.name).text


def test_a_first_password_ends_with_the_first_single_sign_on(
    browser: Browser, city: City, provider: Provider
) -> None:
    boss = city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR))
    made = acts.create_user(boss, PersonForm("lihua", "李华", "water", frozenset({Role.HANDLER})))
    come(browser, provider, "LiHua")
    assert browser.get("/unit")
    assert "没有本地密码" in browser.get("/account/")
    browser.post("/sign-out")
    assert browser.post("/sign-in", username="lihua", password=made.password).status_code == 422


class TestWithoutPasswords:
    """Unknown people become users without a role; administrators alone use passwords."""

    @pytest.fixture
    def more(self) -> dict[str, object]:
        return {"oidc_creates_users": True, "local_passwords": False}

    def test_an_unknown_one_has_no_role(self, browser: Browser, city: City, provider: Provider) -> None:
        come(browser, provider, "newcomer")
        assert browser.client.get("/screening").location == "/account/"
        assert browser.client.get("/search").location == "/account/"
        assert "您还没有岗位" in browser.get("/account/")
        with city.context.reading() as session:
            made = user_by_name(session, "newcomer")
            assert made is not None
            assert (made.roles, made.display_name, made.department_id) == ([], "王丽", city.hotline_id)

    def test_passwords_are_for_administrators(self, browser: Browser, city: City) -> None:
        refused = browser.post("/sign-in", username=city.agent.name, password=PASSWORD)
        assert (refused.status_code, "请用统一身份认证" in refused.text) == (422, True)
        proof = {"username": city.agent.name, "password": PASSWORD}
        assert browser.client.post("/headset/sign-in", json=proof).json == {"refused": "passwords_off"}
        browser.sign_in(user(city.context, city.hotline_id, Role.ADMINISTRATOR))


class TestWithoutProvider:
    """Nothing answers at the provider's address."""

    @pytest.fixture
    def provider(self) -> object:
        class Nowhere:
            issuer = f"http://127.0.0.1:{free_port()}"

        return Nowhere()

    def test_it_is_told(self, browser: Browser) -> None:
        answer = browser.client.get("/sign-in/sso/")
        assert (answer.status_code, "没有应答" in answer.text) == (403, True)


def test_without_settings_there_is_no_such_page(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    assert make_context(sqlite_database, clock, tmp_path).settings.oidc_issuer == ""
    with pytest.raises(SettingsError, match="local_passwords"):
        load_settings(local_passwords=False)
    with pytest.raises(SettingsError, match="oidc_client_id"):
        load_settings(oidc_issuer="https://id.example")
    with pytest.raises(SettingsError, match="oidc_issuer"):
        load_settings(oidc_issuer="http://id.example", oidc_client_id="x")
