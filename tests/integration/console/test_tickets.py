"""The ticket's page: steps and their refusals, recordings, search, and failures without their text."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from agent_console.app import create_app
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact, write_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from hotline.transcripts import again
from hotline.transcripts.models import Recording, Speaker
from hotline.transcripts.queries import recordings_of_contact
from hotline.transcripts.service import (
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    register_recording,
)
from tests.factories import City, FakeTelephone
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of


def test_a_reply_without_contact_is_refused_in_words(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.handler)
    answer = browser.post(f"/tickets/{number}/reply", **_reply(city, ticket_id))
    assert answer.status_code == 302
    browser.post("/sign-out")
    browser.sign_in(city.leader)
    answer = browser.post(f"/tickets/{number}/approve")
    assert answer.status_code == 409
    assert "还没有联系市民：请先记录联系情况，或三次未联系上。" in answer.text.replace("上</", "上。</")
    assert "the citizen" not in answer.text


def test_a_ticket_says_what_its_citizen_wants(browser: Browser, city: City) -> None:
    number = number_of(city, city.accepted())
    browser.sign_in(city.dispatcher)
    assert "监督（问政）" in browser.get(f"/tickets/{number}")
    assert number in browser.get("/dispatch?aim=oversight")
    assert number not in browser.get("/dispatch?aim=need")


def test_an_incomplete_reply_is_shown_again_as_written(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.handler)
    answer = browser.post(f"/tickets/{number}/reply", public_text="已更换加压泵。", is_solved="yes")
    assert answer.status_code == 422
    assert "请逐项答复" in answer.text
    assert "已更换加压泵。" in answer.text


def test_a_step_that_is_over_is_refused(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.handler)
    answer = browser.post(f"/tickets/{number}/sign")
    assert (answer.status_code, "不能做这一步" in answer.text) == (409, True)


def test_a_rejected_reply_needs_a_reason(browser: Browser, city: City) -> None:
    ticket_id = city.replied()
    number = number_of(city, ticket_id)
    browser.sign_in(city.reviewer)
    answer = browser.post(f"/tickets/{number}/review", verdict="reject", reason="")
    assert (answer.status_code, "请写明理由" in answer.text) == (409, True)
    assert browser.post(f"/tickets/{number}/review", verdict="perhaps").status_code == 422
    browser.post(
        f"/tickets/{number}/review", verdict="reject", reason="没有写明恢复时间", back="review.queue"
    )
    assert _state(city, ticket_id) is State.HANDLING
    assert "没有写明恢复时间" in browser.get(f"/tickets/{number}")


def test_calling_back_dials_or_says_that_it_could_not(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    ticket_id, _ = city.owed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.callback_agent)
    telephone.away = True
    answer = browser.post(f"/tickets/{number}/call-back")
    assert (answer.status_code, "电话系统暂时没有应答" in answer.text) == (409, True)
    telephone.away = False
    assert browser.post(f"/tickets/{number}/call-back").status_code == 302
    assert telephone.asked[-1][:2] == ("call_citizen", "13800001234")
    answer = browser.post(f"/tickets/{number}/answers", solved="yes", satisfaction="1")
    assert (answer.status_code, "正在由别人拨打" in answer.text) == (409, True)


def test_a_number_that_the_rules_forbid_is_left_to_a_person_with_the_reason(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    ticket_id, _ = city.owed("053216812345")
    number = number_of(city, ticket_id)
    browser.sign_in(city.callback_agent)
    answer = browser.post(f"/tickets/{number}/call-back")
    assert (answer.status_code, "外呼规则不允许：高额收费号码。" in answer.text) == (409, True)
    assert telephone.asked == []
    assert "外呼规则不允许拨打，请人工回访" in browser.get("/follow-ups")
    history = browser.get(f"/tickets/{number}")
    assert "外呼规则不允许拨打，请人工回访" in history
    assert "高额收费号码" in history


def test_no_leads_to_a_finding_and_to_rework(browser: Browser, city: City) -> None:
    ticket_id, _ = city.owed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.callback_agent)
    browser.post(f"/tickets/{number}/answers", solved="no", satisfaction="0")
    assert "市民表示没有解决" in browser.get(f"/tickets/{number}")
    browser.post(f"/tickets/{number}/finding", finding="subjective", reason="只修了一半")
    assert _state(city, ticket_id) is State.REWORK
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert number in browser.get(f"/rework?open={number}")
    answer = browser.post(f"/tickets/{number}/redispatch", reason="三天内修好", back="follow_up.rework_queue")
    assert answer.location == "/rework"
    assert _state(city, ticket_id) is State.HANDLING


def test_search_leads_to_the_ticket(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.agent)
    assert browser.client.get(f"/search?q= {number.lower()} ").location == f"/tickets/{number}"
    assert "没有找到这个编号" in browser.get("/search?q=20200101DH0000000")
    assert browser.client.get("/tickets/20200101DH0000000").status_code == 404


class Recorded:
    """A ticket whose call lies in the spool with two tracks and their words."""

    def __init__(self, city: City) -> None:
        self.ticket_id = city.signed()
        self.number = number_of(city, self.ticket_id)
        context = city.context
        with context.reading() as session:
            linkedid = session.get_one(Ticket, self.ticket_id).contact.source_ref
        folder = context.settings.spool_dir / "2020/04/30" / linkedid
        folder.mkdir(parents=True)
        (folder / "mix.wav").write_bytes(bytes(range(256)) * 4)
        (folder / "caller.wav").write_bytes(b"caller")
        place = folder.relative_to(context.settings.spool_dir)
        tracks = [
            TrackFile(Speaker.MIX, f"{place}/mix.wav", 5.0),
            TrackFile(Speaker.CALLER, f"{place}/caller.wav", 5.0),
            TrackFile(Speaker.AGENT, "../secrets.toml", 5.0),
        ]
        register_recording(context, linkedid, str(place), tracks)
        claim = claim_recording(context, "test")
        assert claim is not None
        words = {track.track_id: [SpokenSegment(1.0, 2.5, "楼上没有水", [])] for track in claim.tracks[:1]}
        complete_transcript(context, claim, words, "small-zh", "0" * 64)
        with context.reading() as session:
            contact_id = session.get_one(Ticket, self.ticket_id).contact_id
            [recording] = recordings_of_contact(session, contact_id)
            self.tracks = {track.speaker: track.id for track in recording.tracks}

    def path(self, speaker: Speaker) -> str:
        """Address of a track."""
        return f"/tickets/{self.number}/tracks/{self.tracks[speaker]}.wav"


def test_recordings_play_from_any_point(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    browser.sign_in(city.agent)
    page = browser.get(f"/tickets/{recorded.number}")
    assert 'data-seek="1.00"' in page
    assert "楼上没有水" in page
    with browser.client.get(recorded.path(Speaker.MIX), headers={"Range": "bytes=10-19"}) as answer:
        assert (answer.status_code, answer.data) == (206, bytes(range(10, 20)))
        assert answer.headers["Content-Range"] == "bytes 10-19/1024"
    with browser.client.get(recorded.path(Speaker.CALLER)) as whole:
        assert whole.data == b"caller"


def test_the_page_tells_everything_once_from_the_top(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    handling = city.context.acting_as(city.handler)
    record_contact(handling, recorded.ticket_id, ContactWay.PHONE, reached=True, note="市民说六楼也没有水。")
    reply_id = write_reply(handling, recorded.ticket_id, city.reply_form(recorded.ticket_id))
    page = browser.sign_in(city.agent).get(f"/tickets/{recorded.number}")
    timeline = page.split('id="days"')[1]
    told = ("三楼以上早晚没有水", "楼上没有水", "市民说六楼也没有水", "水压已恢复")
    places = [timeline.rindex(words) for words in told]
    assert places == sorted(places)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"words", "call-1", "recording-1"} <= set(ids)
    assert f"reply-{reply_id}" not in ids, "it hangs on the line that wrote it"
    for words in ("水务局正在办理，回复已写好。", "办理期限", "现在轮到水务局的分管领导。"):
        assert words in page
    browser.post("/sign-out")
    assert 'id="turn"' not in browser.sign_in(city.leader).get(f"/tickets/{recorded.number}")


def test_no_file_outside_the_spool_is_served(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    (city.context.settings.state_dir / "secrets.toml").write_text('flask = "nobody knows"')
    browser.sign_in(city.agent)
    assert browser.client.get(recorded.path(Speaker.AGENT)).status_code == 404


def test_another_tickets_track_is_not_found(browser: Browser, city: City) -> None:
    recorded, other = Recorded(city), number_of(city, city.registered())
    browser.sign_in(city.agent)
    path = f"/tickets/{other}/tracks/{recorded.tracks[Speaker.MIX]}.wav"
    assert browser.client.get(path).status_code == 404


def test_a_lost_file_is_not_found(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    [mix] = Path(city.context.settings.spool_dir).glob("**/mix.wav")
    mix.unlink()
    browser.sign_in(city.agent)
    assert browser.client.get(recorded.path(Speaker.MIX)).status_code == 404


def test_departments_do_not_hear_whom_they_may_not_know(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    with city.context.writing() as session:
        session.get_one(Ticket, recorded.ticket_id).confidentiality = Confidentiality.HIDDEN
    browser.sign_in(city.handler)
    page = browser.get(f"/tickets/{recorded.number}")
    assert "楼上没有水" not in page
    assert 'id="call-' not in page
    assert "13800001234" not in page
    assert browser.client.get(recorded.path(Speaker.MIX)).status_code == 403


def test_a_sealed_ticket_is_closed_to_the_hotline(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    browser.sign_in(city.screener)
    assert number not in browser.get("/screening")
    assert browser.client.get(f"/tickets/{number}").status_code == 403


def test_a_failure_shows_no_text_of_its_own(
    city: City, telephone: FakeTelephone, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(city.context, telephone)  # of its own: one page of it breaks
    browser = Browser(app).sign_in(city.agent)

    def breaks() -> str:
        raise OperationalError("SELECT secret", {"number": "13800001234"}, Exception("broken"))

    app.view_functions["board.board"] = breaks
    breaks._open_to_all = True  # type: ignore[attr-defined]
    answer = browser.client.get("/board/")
    assert answer.status_code == 500
    assert "出了故障" in answer.text
    logged = capsys.readouterr().out
    assert "OperationalError" in logged
    assert f"place=tests/integration/console/{Path(__file__).name}:" in logged
    for text in (answer.text, logged):
        assert "secret" not in text
        assert "13800001234" not in text


def _reply(city: City, ticket_id: int) -> dict[str, str]:
    with city.context.reading() as session:
        questions = session.get_one(Ticket, ticket_id).questions
        answers = {f"answer_{question.id}": "已恢复。" for question in questions}
    return (
        answers
        | {"public_text": "已更换加压泵。", "is_solved": "yes", "claim_is_true": "yes"}
        | {"cause": "facility"}
    )


def _state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_what_was_said_is_found_and_leads_to_its_second(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    browser.sign_in(city.agent)
    page = browser.get("/search?in=calls&q=没有水")
    assert f'href="/tickets/{recorded.number}#recording-1@1.00"' in page
    assert "楼上<mark>没有水</mark>" in page
    assert "没有找到" in browser.get("/search?in=calls&q=<script>")
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    assert "没有找到" not in browser.get("/search?in=calls&q=没有水"), "its own ticket"


def test_faults_versions_and_deletion_are_shown(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    context = city.context
    with context.writing() as session:
        contact_id = session.get_one(Ticket, recorded.ticket_id).contact_id
        [recording] = recordings_of_contact(session, contact_id)
        recording.tracks[0].findings = [{"fault": "short", "seconds": 12}]
    wanted = again.Wanted(context.now() - timedelta(days=1), context.now() + timedelta(days=1), "1" * 64)
    [claim] = again.claims(context, wanted, "test")
    words = {claim.tracks[0].track_id: [SpokenSegment(1.0, 2.5, "楼上没有煤气", [])]}
    assert again.replace(context, claim, words, "large-zh", "1" * 64)
    browser.sign_in(city.agent)
    page = browser.get(f"/tickets/{recorded.number}")
    assert "所有人：比通话短 00:12" in page
    assert page.index("楼上没有煤气") < page.index("以前的文字") < page.index("楼上没有水")
    with context.writing() as session:
        again_read = session.get_one(Recording, claim.recording_id)
        again_read.audio_deleted_at = again_read.text_deleted_at = context.now()
    page = browser.get(f"/tickets/{recorded.number}")
    assert "录音已过保存期限" in page
    assert "<audio" not in page
    assert "楼上没有" not in page


def test_a_supervisor_holds_and_releases(browser: Browser, city: City) -> None:
    recorded = Recorded(city)
    browser.sign_in(city.agent)
    assert browser.post(f"/tickets/{recorded.number}/hold", reason="行政复议").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert browser.post(f"/tickets/{recorded.number}/hold", reason="").status_code == 422
    assert browser.post(f"/tickets/{recorded.number}/hold", reason="行政复议").status_code == 302
    page = browser.get(f"/tickets/{recorded.number}")
    assert f"{city.supervisor.name} 保全：行政复议" in page
    assert recorded.number in browser.get("/retention")
    lift = page.split('/lift"', 1)[0].rsplit('action="', 1)[1] + "/lift"
    assert browser.post(lift, reason="已结案").status_code == 302
    assert browser.post(lift, reason="已结案").status_code == 409
    assert recorded.number not in browser.get("/retention")
