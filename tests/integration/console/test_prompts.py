"""The pages of the prompts: hearing, uploading, rewording, going back; and recording on a headset."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask

from agent_console.app import create_app
from agent_console.house import House
from hotline.context import Context
from hotline.people.actors import Actor
from hotline.prompts import queries
from hotline.prompts.models import Voice
from hotline.prompts.ports import Fault, PreparedSound, PromptRefused
from hotline.transcripts.ports import NO_AUDIO
from tests.factories import PASSWORD, City, FakeTelephone
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, _is_sound

SOUND = b"RIFF of one second"


class PaperStudio:
    """Takes what says `good`, and refuses what names a fault."""

    def prepare(self, recording: bytes) -> PreparedSound:
        if recording.strip() != b"good":
            raise PromptRefused(Fault(recording.decode()))
        return PreparedSound(SOUND, 1.0)

    def as_played(self, language: str, name: str) -> bytes | None:
        return SOUND if name == "greeting" else None


@pytest.fixture
def app(context: Context, telephone: FakeTelephone, shared_rooms: Flask) -> Flask:
    House.of(context, telephone, PaperStudio(), NO_AUDIO).attach(shared_rooms)
    return shared_rooms


def upload(browser: Browser, content: bytes, path: str = "/prompts/zh/greeting/recording"):  # type: ignore[no-untyped-def]
    return browser.post(path, recording=(io.BytesIO(content), "greeting.wav"))


def test_pages_render_in_both_languages(browser: Browser, all_rounder: Actor, language: str) -> None:
    browser.sign_in(all_rounder)
    for path in ("/prompts/", "/prompts/en/", "/prompts/zh/greeting", "/prompts/en/digit-1"):
        page = browser.get(path)
        _is_sound(page, language, path)
        if language == "en":
            spoken = r"<(td|p|a|h1|textarea)[^>]*(data-spoken|id=\"text)[^>]*>.*?</\1>"
            ours = re.sub(spoken, "", page, flags=re.DOTALL)
            assert not CHINESE.search(NOT_OURS.sub("", ours)), (path, CHINESE.findall(ours))


def test_a_recording_is_uploaded_heard_and_taken_back(browser: Browser, city: City, context: Context) -> None:
    browser.sign_in(city.supervisor)
    assert upload(browser, b"good").status_code == 302
    page = browser.get("/prompts/zh/greeting")
    assert "上传的录音" in page
    assert city.supervisor.name in page
    [version] = re.findall(r"/prompts/versions/(\d+).wav", page)
    heard = browser.client.get(f"/prompts/versions/{version}.wav")
    assert (heard.data, heard.mimetype) == (SOUND, "audio/wav")
    assert browser.post("/prompts/zh/greeting/spoken").status_code == 302
    assert browser.post(f"/prompts/zh/greeting/versions/{version}").status_code == 302
    assert browser.post(f"/prompts/zh/thanks/versions/{version}").status_code == 404
    with context.reading() as session:
        assert queries.prompts(session, "zh")[0].voice is Voice.UPLOADED


def test_a_refused_recording_says_why_and_changes_nothing(
    browser: Browser, city: City, context: Context
) -> None:
    browser.sign_in(city.supervisor)
    for fault in Fault:
        answer = upload(browser, fault.value.encode())
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), fault
    with context.reading() as session:
        assert queries.versions_of(session, "zh", "greeting") == []


def test_larger_files_than_any_form_are_read_and_still_larger_ones_are_not(
    browser: Browser, city: City
) -> None:
    browser.sign_in(city.supervisor)
    part = b'--x\r\nContent-Disposition: form-data; name="recording"; filename="greeting.wav"\r\n\r\n'
    answer = browser.client.post(
        "/prompts/zh/greeting/recording",
        data=part + b"good" + b" " * 2_000_000 + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token()},
    )
    assert answer.status_code == 302
    answer = browser.client.post(
        "/prompts/zh/greeting/recording", environ_overrides={"CONTENT_LENGTH": str(32 * 1024 * 1024)}
    )
    assert answer.status_code == 413


def test_no_file_is_told_and_unknown_prompts_are_404(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    assert "请先选择一个录音文件" in browser.post("/prompts/zh/greeting/recording").text
    for path in ("/prompts/zh/nothing", "/prompts/fr/greeting", "/prompts/zh/nothing.wav", "/prompts/fr/"):
        assert browser.client.get(path).status_code == 404, path
    assert upload(browser, b"good", "/prompts/zh/nothing/recording").status_code == 404
    assert browser.client.get("/prompts/zh/greeting.wav").data == SOUND


def test_words_are_changed_and_prompts_are_added(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    assert browser.post("/prompts/zh/thanks/words", text="再见。").status_code == 302
    assert "再见。" in browser.get("/prompts/zh/thanks")
    assert browser.post("/prompts/zh/thanks/words", text=" ").status_code == 422
    given = {"name": "banner-water", "text-zh": "停水", "text-en": "no water"}
    assert browser.post("/prompts/", **given).location == "/prompts/zh/banner-water"
    answer = browser.post("/prompts/", **given)
    assert answer.status_code == 422
    assert "这个名称已经有了" in answer.text


def test_prompts_are_closed_to_agents(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    assert browser.client.get("/prompts/").status_code == 403
    assert upload(browser, b"good").status_code == 403


def test_a_prompt_is_recorded_on_a_headset(browser: Browser, city: City, context: Context) -> None:
    def ask(username: str, path: str, body: bytes = b""):  # type: ignore[no-untyped-def]
        given = {"username": username, "password": PASSWORD}
        token = browser.client.post("/headset/sign-in", json=given).json["token"]
        headers = {"Authorization": f"Bearer {token}"}
        return browser.client.post(f"/headset/prompts{path}", data=body, headers=headers)

    name = city.supervisor.name
    assert ask(name, "/zh/greeting").json == {"text": "您好，一二三四五政务服务热线。"}
    assert ask(name, "/zh/nothing").json == {"refused": "unknown_prompt"}
    assert ask(name, "/zh/greeting/recording", b"silent").json == {"refused": "silent"}
    assert ask(name, "/zh/greeting/recording", b"good").json == {"done": True}
    assert ask(city.agent.name, "/zh/greeting/recording", b"good").status_code == 403
    with context.reading() as session:
        [version] = queries.versions_of(session, "zh", "greeting")
        assert (version.voice, version.made_by) == (Voice.HEADSET, name)


def test_without_a_studio_the_page_says_so(
    context: Context, telephone: FakeTelephone, city: City, tmp_path: Path
) -> None:
    browser = Browser(create_app(context, telephone))
    browser.sign_in(city.supervisor)
    assert upload(browser, b"good").status_code == 503
    assert browser.client.get("/prompts/zh/greeting.wav").status_code == 404
