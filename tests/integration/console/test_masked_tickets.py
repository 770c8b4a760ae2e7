"""Whoever may not know who the citizen is reads masked words, and hears silence in their place."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.calls.messages import message_left
from hotline.calls.models import Call
from hotline.monitoring.audit import note
from hotline.monitoring.models import Deed
from hotline.people.actors import Actor, Role
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.transcripts.models import Recording, Speaker, Track
from hotline.transcripts.service import TrackFile, register_recording
from hotline.viewing.models import TicketView, What
from tests.factories import City, complete_draft, user
from tests.integration.console.conftest import Browser
from tests.spoken import SECONDS_A_CHARACTER, transcribed

SAID = "我叫李建国电话幺三八零零零幺二三四五路灯坏了"
RATE = 8000
MATTER = replace(
    complete_draft(), description="李建国先生称同安路68号3单元没有水，电话13800012345。", address="同安路68号"
)


@pytest.fixture
def number(city: City) -> str:
    """A registered ticket; its call is six seconds of a steady tone whose words are known."""
    ticket_id = city.drafted()
    with city.context.reading() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        linkedid = session.scalars(select(Call.linkedid).where(Call.contact_id == contact_id)).one()
    folder = city.context.settings.spool_dir / "2020/04/30" / linkedid
    folder.mkdir(parents=True)
    soundfile.write(folder / "caller.wav", np.full(6 * RATE, 9000, np.int16), RATE, subtype="PCM_16")
    transcribed(city.context, ticket_id, [SAID])
    return register(city.context.acting_as(city.agent), ticket_id, MATTER)


def heard(browser: Browser, city: City, number: str, tmp_path: Path) -> NDArray[np.int16]:
    with city.context.reading() as session:
        track = session.scalars(select(Track.id).where(Track.speaker == Speaker.CALLER)).one()
    return sound_at(browser, f"/tickets/{number}/tracks/{track}.wav", tmp_path)


def sound_at(browser: Browser, path: str, tmp_path: Path) -> NDArray[np.int16]:
    answer = browser.client.get(path)
    assert answer.status_code == 200
    (tmp_path / "heard.wav").write_bytes(answer.data)
    samples, rate = soundfile.read(tmp_path / "heard.wav", dtype="int16")
    assert rate == RATE
    return np.asarray(samples, np.int16)


def at(words: str) -> slice:
    """The samples in which the words are said."""
    first = SAID.index(words) * SECONDS_A_CHARACTER
    return slice(round(first * RATE), round((first + len(words) * SECONDS_A_CHARACTER) * RATE))


def plain(page: str) -> str:
    """The page's text: every word of a transcript stands in an element of its own."""
    return re.sub(r"<[^>]+>", "", page)


def masked_reader(city: City) -> Actor:
    return city.supervisor


def test_the_supervisor_reads_no_name_number_or_door(browser: Browser, city: City, number: str) -> None:
    page = browser.sign_in(masked_reader(city)).get(f"/tickets/{number}")
    for personal in ("李建国", "13800012345", "幺三八零零零幺二三四五", "68号", "3单元"):
        assert personal not in plain(page)
    assert "同安路〔门牌〕没有水，电话〔电话〕" in page
    assert "我叫某电话〔电话〕路灯坏了" in plain(page)


def test_the_screener_reads_all(browser: Browser, city: City, number: str) -> None:
    page = browser.sign_in(city.screener).get(f"/tickets/{number}")
    assert MATTER.description is not None
    assert MATTER.description in page
    assert SAID in plain(page)


def test_the_supervisor_hears_silence_where_it_was_said(
    browser: Browser, city: City, number: str, tmp_path: Path
) -> None:
    samples = heard(browser.sign_in(masked_reader(city)), city, number, tmp_path)
    assert not samples[at("李建国")].any()
    assert not samples[at("幺三八零零零幺二三四五")].any()
    assert samples[at("灯坏了")].all()


def test_the_screener_hears_all(browser: Browser, city: City, number: str, tmp_path: Path) -> None:
    assert heard(browser.sign_in(city.screener), city, number, tmp_path).all()


def bars(browser: Browser, city: City, number: str) -> list[float]:
    """How high the bars of the caller's waveform are, one every fifth of a second."""
    with city.context.reading() as session:
        recording = session.scalars(select(Recording.id)).one()
    page = browser.get(f"/tickets/{number}/recordings/{recording}/waves")
    (path,) = re.findall(r'<path d="([^"]*)"', page)
    return [float(bar) for bar in re.findall(r"v([0-9.]+)", path)]


def test_a_waveform_is_flat_where_the_supervisor_hears_nothing(
    browser: Browser, city: City, number: str
) -> None:
    of_screener = bars(browser.sign_in(city.screener), city, number)
    assert set(of_screener) == {39.0}
    browser.post("/sign-out")
    of_supervisor = bars(browser.sign_in(masked_reader(city)), city, number)
    name, lamps = SAID.index("李建国"), SAID.index("灯坏了") + 1  # a character is a fifth of a second
    assert set(of_supervisor[name : name + 3]) == {1.0}
    assert set(of_supervisor[lamps:]) == {39.0}
    assert len(of_supervisor) == len(of_screener) == 30


def take(browser: Browser, city: City, number: str, **told: str) -> TestResponse:
    with city.context.reading() as session:
        recording = session.scalars(select(Recording)).one()
        form = {"track": str(recording.tracks[0].id), "take_reason": "信访复查 7 号", **told}
        named = {f"recording-{recording.id}-{field}": words for field, words in form.items()}
        return browser.post(f"/tickets/{number}/recordings/{recording.id}/file", **named)


def test_a_supervisor_takes_a_silenced_track_out_for_a_reason(
    browser: Browser, city: City, number: str, tmp_path: Path
) -> None:
    browser.sign_in(masked_reader(city))
    assert "下载录音" in browser.get(f"/tickets/{number}")
    refused = take(browser, city, number, take_reason=" ")
    assert (refused.status_code, "请写明理由。" in refused.text) == (422, True)
    answer = take(browser, city, number)
    name = answer.headers["Content-Disposition"]
    assert re.search(rf"attachment; .*{number}-caller-\d+-.*-20200430\d{{4}}\.wav", name), name
    assert city.supervisor.name in unquote(name)
    (tmp_path / "taken.wav").write_bytes(answer.data)
    samples, _rate = soundfile.read(tmp_path / "taken.wav", dtype="int16")
    assert not samples[at("李建国")].any()
    assert samples[at("灯坏了")].all()
    with city.context.reading() as session:
        lines = session.scalars(select(Ticket)).one().history
        views = set(session.scalars(select(TicketView.what)))
    assert [(one.reason, one.changes) for one in lines if one.event == "recording_taken"] == [
        ("信访复查 7 号", {"speaker": "caller"})
    ]
    assert What.EXPORT in views


def test_others_only_play(browser: Browser, city: City, number: str) -> None:
    browser.sign_in(city.screener)
    page = browser.get(f"/tickets/{number}")
    assert "<audio controls" in page
    assert "下载录音" not in page
    assert take(browser, city, number).status_code == 403
    with city.context.reading() as session:
        lines = session.scalars(select(Ticket)).one().history
    assert "recording_taken" not in {one.event for one in lines}


def test_before_there_is_a_text_nothing_is_played_to_who_may_not_know(browser: Browser, city: City) -> None:
    ticket_id = city.drafted()
    with city.context.reading() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        linkedid = session.scalars(select(Call.linkedid).where(Call.contact_id == contact_id)).one()
    folder = f"2020/04/30/{linkedid}"
    register_recording(
        city.context, linkedid, folder, [TrackFile(Speaker.CALLER, f"{folder}/caller.wav", 6.0)]
    )
    number = register(city.context.acting_as(city.agent), ticket_id, MATTER)
    browser.sign_in(masked_reader(city))
    assert "有了文字才能听" in browser.get(f"/tickets/{number}")
    with city.context.reading() as session:
        track = session.scalars(select(Track.id)).one()
        recording = session.scalars(select(Recording.id)).one()
    assert browser.client.get(f"/tickets/{number}/tracks/{track}.wav").status_code == 403
    assert browser.client.get(f"/tickets/{number}/recordings/{recording}/waves").status_code == 403


def test_a_search_finds_nothing_by_what_is_masked(browser: Browser, city: City, number: str) -> None:
    browser.sign_in(masked_reader(city))
    page = browser.get("/search?in=calls&q=路灯")
    assert number in page
    assert "我叫某电话〔电话〕" in page
    for words in ("李建国", "幺三八零零零幺", "李建国 路灯"):
        assert number not in browser.get(f"/search?in=calls&q={words}")


def test_a_search_of_who_may_know_finds_all(browser: Browser, city: City, number: str) -> None:
    assert number in browser.sign_in(city.screener).get("/search?in=calls&q=李建国")


def test_words_with_times_are_masked_too(browser: Browser, city: City, number: str) -> None:
    page = browser.sign_in(masked_reader(city)).get(f"/tickets/{number}")
    assert 'data-until="1.20">某</span>' not in page  # 我叫: the name begins at 0.40
    assert '<span data-word="0.40" data-until="0.60">某</span>' in page
    assert ">建</span>" not in page
    assert ">幺</span>" not in page


def left_a_message(city: City, is_text: bool) -> tuple[int, int]:
    """Six seconds of a steady tone in the message box; returns the ids of draft and track."""
    ticket_id = city.drafted()
    with city.context.reading() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        linkedid = session.scalars(select(Call.linkedid).where(Call.contact_id == contact_id)).one()
    folder = f"2020/04/30/{linkedid}"
    place = city.context.settings.spool_dir / folder
    place.mkdir(parents=True)
    soundfile.write(place / "message.wav", np.full(6 * RATE, 9000, np.int16), RATE, subtype="PCM_16")
    if is_text:
        transcribed(city.context, ticket_id, [SAID], Speaker.MESSAGE)
    else:
        file = TrackFile(Speaker.MESSAGE, f"{folder}/message.wav", 6.0)
        register_recording(city.context, linkedid, folder, [file])
    message_left(city.context, linkedid)
    with city.context.reading() as session:
        return ticket_id, session.scalars(select(Track.id)).one()


def test_a_message_is_masked_and_silenced_too(browser: Browser, city: City, tmp_path: Path) -> None:
    sound = "/callbacks/message/{}/{}".format(*left_a_message(city, is_text=True))
    page = browser.sign_in(city.callback_agent).get("/callbacks/")
    assert "我叫某电话〔电话〕路灯坏了" in page
    assert "李建国" not in page
    samples = sound_at(browser, sound, tmp_path)
    assert not samples[at("李建国")].any()
    assert samples[at("灯坏了")].all()
    browser.post("/sign-out")
    assert SAID in browser.sign_in(city.agent).get("/callbacks/")
    assert sound_at(browser, sound, tmp_path).all()


def test_a_message_that_is_no_text_yet_is_for_agents_alone(browser: Browser, city: City) -> None:
    sound = "/callbacks/message/{}/{}".format(*left_a_message(city, is_text=False))
    assert sound not in browser.sign_in(city.supervisor).get("/callbacks/")
    for path in (sound, f"{sound}/waves"):
        assert browser.client.get(path).status_code == 403
    browser.post("/sign-out")
    assert f"{sound}/waves" in browser.sign_in(city.agent).get("/callbacks/")
    assert browser.client.get(sound).status_code == 200
    assert '<path d="M0.0 0.5v39.0' in browser.get(f"{sound}/waves"), "as loud from the first moment on"


def test_the_list_of_follow_ups_is_masked_too(browser: Browser, city: City) -> None:
    ticket_id, _follow_up_id = city.owed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).description = MATTER.description or ""
    page = browser.sign_in(city.callback_agent).get("/follow-ups")
    assert "同安路〔门牌〕没有水，电话〔电话〕" in page
    assert "李建国" not in page


def test_reasons_in_the_audit_log_are_masked(browser: Browser, city: City) -> None:
    with city.context.writing() as session:
        acting = city.context.acting_as(city.supervisor)
        note(session, acting, Deed.END_CALL, reason="李建国先生打错了，电话13800012345")
    auditor = user(city.context, city.hotline_id, Role.AUDITOR)
    page = browser.sign_in(auditor).get("/audit")
    assert "某先生打错了，电话〔电话〕" in page
    assert "李建国" not in page
