"""The recording's player: words lead to the moment at which they were said, on whichever track is heard."""

import re

from playwright.sync_api import Page, expect

from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.transcripts import service as transcripts
from hotline.transcripts.models import Recording, Speaker
from recordings.keeping import Keeper
from recordings.tracks import Spool
from tests.e2e.conftest import Enter
from tests.factories import City
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, write_tone
from tests.waiting import until

CALL_SECONDS = 10.0
AGENT_STARTS = 4.0
WORDS_AT = 6.0
SECOND_WORD_AT = 6.8
CLOSE = 1.5  # it plays on while we look


def test_words_lead_to_their_moment_on_every_track(console: str, city: City, enter: Enter) -> None:
    number = _recorded(city)
    reader = enter(console, city.screener.name)
    reader.open(f"/tickets/{number}")
    line = reader.page.get_by_role("button", name="请问是几号楼")

    line.locator("[data-word]").first.click()
    until(lambda: _near(_position(reader.page), WORDS_AT), what="the mix to play from the words on")
    expect(line).to_have_attribute("data-now", "")

    reader.page.locator("[data-tracks]").select_option(label="只听坐席 · 00:06")
    line.locator("[data-word]").first.click()
    until(lambda: _near(_position(reader.page), WORDS_AT - AGENT_STARTS), what="the agent's track to follow")


def test_paper_has_what_was_said_and_nothing_to_press(console: str, city: City, enter: Enter) -> None:
    number = _recorded(city)
    reader = enter(console, city.screener.name)
    reader.page.emulate_media(media="print", color_scheme="dark")
    reader.open(f"/tickets/{number}")
    expect(reader.page.get_by_role("heading", name=number)).to_be_visible()
    expect(reader.page.get_by_role("button", name="请问是几号楼")).to_be_visible()
    expect(reader.page.get_by_role("banner")).to_be_hidden()
    expect(reader.page.locator("audio, form, select").locator("visible=true")).to_have_count(0)
    ink = reader.page.locator("h1").evaluate("(heading) => getComputedStyle(heading).color")
    assert max(map(int, re.findall(r"\d+", ink))) < 100, "dark on white, whatever the screen's colours"


def test_a_word_plays_from_itself_and_is_marked_while_it_is_spoken(
    console: str, city: City, enter: Enter
) -> None:
    number = _recorded(city)
    reader = enter(console, city.screener.name)
    reader.open(f"/tickets/{number}")
    words = reader.page.get_by_role("button", name="请问是几号楼").locator("[data-word]")
    expect(words).to_have_count(3)

    words.nth(1).click()
    until(lambda: _near(_position(reader.page), SECOND_WORD_AT), what="playing from the second word on")
    # Each has its turn as the sound goes on, and one at a time.
    expect(words.nth(2)).to_have_attribute("data-now", "")
    expect(reader.page.locator("[data-word][data-now]")).to_have_count(1)
    expect(reader.page.locator("[data-word][data-now]")).to_have_count(0)


def test_a_waveform_leads_to_its_moment_and_pauses_are_left_out(
    console: str, city: City, enter: Enter
) -> None:
    number = _recorded(city)
    reader = enter(console, city.screener.name)
    reader.open(f"/tickets/{number}")
    wave = reader.page.get_by_role("slider", name="坐席的声音")
    box = wave.bounding_box()
    assert box is not None
    wave.click(position={"x": box["width"] * WORDS_AT / CALL_SECONDS, "y": 9})
    until(lambda: _near(_position(reader.page), WORDS_AT - 0.1), what="the mix to play from the place on")
    wave.press("Enter")
    wave.press("Home")
    wave.press("ArrowRight")
    expect(wave).to_have_attribute("aria-valuetext", "00:05")

    wave.press("Home")
    reader.page.get_by_label("播放速度").select_option("2")
    reader.page.get_by_label("跳过停顿").check()
    reader.open(f"/tickets/{number}")  # this browser remembers both
    expect(reader.page.get_by_label("播放速度")).to_have_value("2")
    wave.press("Enter")
    audio = reader.page.locator("[data-player] audio")
    until(lambda: audio.evaluate("(audio) => audio.ended"), what="the call to end")
    assert audio.evaluate("(audio) => audio.playbackRate") == 2
    heard = "({played: p}) => [...Array(p.length).keys()].reduce((s, i) => s + p.end(i) - p.start(i), 0)"
    assert audio.evaluate(heard) < CALL_SECONDS - 1  # seven of the ten seconds are silent


def test_a_search_by_what_was_said_plays_from_there(console: str, city: City, enter: Enter) -> None:
    number = _recorded(city, key=bytes(range(32)))
    reader = enter(console, city.screener.name)
    reader.open("/search?in=calls")
    reader.page.locator("main #q").fill("几号楼")
    reader.page.locator("main #q").press("Enter")
    hit = reader.page.get_by_role("link", name=re.compile(number))
    expect(hit.locator("mark")).to_have_text("几号楼")

    hit.click()
    reader.page.wait_for_url(re.compile(rf"/tickets/{number}#recording-\d+@7\.60"))
    until(lambda: _near(_position(reader.page), 7.6), what="the encrypted track to play from the word on")


def _position(page: Page) -> float:
    return float(page.locator("[data-player] audio").evaluate("(audio) => audio.currentTime"))


def _near(position: float, wanted: float) -> bool:
    return wanted <= position < wanted + CLOSE


def _recorded(city: City, key: bytes | None = None) -> str:
    """A registered ticket with a mix and the agent's track, and what the agent said; encrypted by a key."""
    context, ticket_id = city.context, city.registered()
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        number, linkedid = ticket.number or "", ticket.contact.source_ref
    place = f"2026/11/21/{linkedid}"
    folder = context.settings.spool_dir / place
    folder.mkdir(parents=True)
    write_tone(folder / "mix.wav", CITIZEN_HZ, CALL_SECONDS)
    write_tone(folder / "agent-1.2.wav", AGENT_HZ, CALL_SECONDS - AGENT_STARTS)
    agents = CALL_SECONDS - AGENT_STARTS
    tracks = [
        transcripts.TrackFile(Speaker.MIX, f"{place}/mix.wav", CALL_SECONDS),
        transcripts.TrackFile(Speaker.AGENT, f"{place}/agent-1.2.wav", agents, AGENT_STARTS),
    ]
    transcripts.register_recording(context, linkedid, place, tracks)
    claim = transcripts.claim_recording(context, "test")
    assert claim is not None
    at = WORDS_AT - AGENT_STARTS
    words = [
        ["请问", at, at + 0.8, 0.9],
        ["是", at + 0.8, at + 1.6, 0.9],
        ["几号楼", at + 1.6, at + 2.4, 0.9],
    ]
    said = {claim.tracks[0].track_id: [transcripts.SpokenSegment(at, at + 2.4, "请问是几号楼", words)]}
    transcripts.complete_transcript(context, claim, said, "small-zh", "0" * 64)
    if key:
        _encrypt(context, claim.recording_id, key)
    return number


def _encrypt(context: Context, recording_id: int, key: bytes) -> None:
    """Kept as FLAC, encrypted, by the key of the console that is served."""
    assert Keeper(context, Spool(context.settings.spool_dir, [key])).run_once()
    with context.reading() as session:
        kept = session.get_one(Recording, recording_id).tracks
        assert all(track.path.endswith(".flac.enc") for track in kept)
