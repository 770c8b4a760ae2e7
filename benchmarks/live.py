"""From the end of a spoken word until it stands on the desk, with as many calls as the cores should bear.

    python -m benchmarks.live [CALLS]

Citizens and agents are telephones of a second Asterisk and take turns in speaking; every agent's page is a
real event stream of the console. How many calls: bare Vosk decodes both tracks of such a talk on every core
at once, its speed says how many talks the cores could follow, and four fifths of those are held at once.
When each word ends is told by bare Vosk's word times in the sentence's own file, from the moment on when the
telephone began to play it. One line at the end; the exit status is 1 when the goal is missed, or a call was
let go.
"""

import functools
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import vosk

from benchmarks._browser import signed_in
from benchmarks._processes import processes
from hotline.calls.models import CallState
from hotline.calls.seats import sign_on
from hotline.config import Settings
from hotline.context import Context
from hotline.conversations.queries import live_calls
from hotline.people.actors import Role
from ivr.control import AmiCallControl
from ivr.network import Line, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from ivr.prompts import speak
from recordings.recogniser import Recogniser
from recordings.tracks import parse_wav
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import shorten_greeting
from tests.waiting import until

GOAL_S = 1.0
SHARE = 0.8
TURNS = 4
PAUSE_S = 0.5
STAGGER_S = 4.0
RATE = 8000
CITIZENS = (
    "楼下的饭店油烟太大我们都不敢开窗户",
    "小区门口的路灯坏了一个星期了",
    "我想问一下医保报销需要什么材料",
    "家里的暖气三天不热了希望尽快派人来修",
)
AGENTS = (
    "您好请问有什么可以帮您",
    "请问是什么时候开始的",
    "请问您的地址在哪里",
    "好的我们会尽快给您回复",
)


@dataclass(frozen=True)
class Sentence:
    """A spoken file; `words` with their ends in seconds from its beginning, as bare Vosk hears them."""

    wave: Path
    seconds: float
    words: Sequence[tuple[str, float]]


@dataclass
class Told:
    """What one agent's page was told: time and message."""

    call_id: int = 0
    news: list[tuple[float, dict]] = field(default_factory=list)  # type: ignore[type-arg]

    @property
    def states(self) -> list[str]:
        return [message["state"] for _, message in self.news]


@dataclass
class Talk:
    """Two who take turns; `said` is who, which sentence, and when it began (monotonic)."""

    page: Told
    ready: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    said: list[tuple[str, Sentence, float]] = field(default_factory=list)
    turn: int = 0
    over: bool = False

    def script(self, who: int, sentences: Sequence[Sentence], line: Line) -> None:
        """Speak in every second turn, beginning with the citizen (0)."""
        line.answer()
        line.wait_until(self.go.is_set, 300)
        for sentence in sentences:
            line.wait_until(lambda: self.turn % 2 == who, 120)
            line.listen(PAUSE_S)
            self.said.append((("caller", "agent")[who], sentence, time.monotonic()))
            line.say(sentence.wave)
            self.turn += 1
        line.wait_until(lambda: self.over, 300)
        line.hang_up()


def main() -> int:
    """Exit status 0 if the goal is reached."""
    with tempfile.TemporaryDirectory(prefix="live.") as name:
        folder = Path(name)
        settings = private_settings(folder, queue_timeout_seconds=300, wrap_up_seconds=0, rtp_last=14999)
        sentences = _sentences(folder, settings)
        cores = len(os.sched_getaffinity(0))
        factor = _bare_factor(settings, sentences, cores)
        calls = int(sys.argv[1]) if len(sys.argv) > 1 else int(SHARE * cores / (2 * factor))
        print(f"bare Vosk: {factor:.4f} of a core a track, {cores} cores; {calls} calls at once", flush=True)
        talks = _play(folder, settings, sentences, calls)
    return _judge(talks, calls, factor, cores)


def _sentences(folder: Path, settings: Settings) -> tuple[list[Sentence], list[Sentence]]:
    recogniser = Recogniser(settings.vosk_model)
    made = []
    for texts, voice in ((CITIZENS, "cmn-latn-pinyin+f2"), (AGENTS, "cmn-latn-pinyin+m3")):
        spoken = []
        for number, text in enumerate(texts):
            wave = folder / f"{voice}-{number}.wav"
            speak(text, wave, voice=voice, words_a_minute=160)
            audio = parse_wav(wave.read_bytes())
            padded = np.concatenate([audio.samples, np.zeros(RATE, np.int16)])
            words = [
                (word, end) for one in recogniser.transcribe(padded, RATE) for word, _, end, _ in one.words
            ]
            spoken.append(Sentence(wave, audio.seconds, words))
        made.append(spoken)
    return made[0], made[1]


def _bare_factor(settings: Settings, sentences: tuple[list[Sentence], list[Sentence]], cores: int) -> float:
    """Seconds of a core a second of one track, its silences too, by somebody who uses Vosk directly.

    All cores decode at once, as they do in the measurement: two of them are often halves of one.
    """
    model = vosk.Model(str(settings.vosk_model))
    tracks = [_track(own, other) for own, other in (sentences, sentences[::-1])]
    with ThreadPoolExecutor(cores) as workers:
        spent = list(workers.map(lambda _: _decoding_seconds(model, tracks), range(cores)))
    return sum(spent) / cores / sum(len(track) / RATE for track in tracks)


def _track(own: Sequence[Sentence], other: Sequence[Sentence]) -> np.ndarray:
    """One side of a talk: its own sentences, and silence while the other speaks."""
    parts = []
    for mine, theirs in zip(own, other, strict=True):
        parts.append(parse_wav(mine.wave.read_bytes()).samples)
        parts.append(np.zeros(int(RATE * (theirs.seconds + 2 * PAUSE_S)), np.int16))
    return np.concatenate(parts)


def _decoding_seconds(model: vosk.Model, tracks: Sequence[np.ndarray]) -> float:
    began = time.monotonic()
    for track in tracks:
        recognizer = vosk.KaldiRecognizer(model, RATE)
        recognizer.SetWords(True)
        content = track.tobytes()
        for start in range(0, len(content), 4000):
            if recognizer.AcceptWaveform(content[start : start + 4000]):
                recognizer.Result()
        recognizer.FinalResult()
    return time.monotonic() - began


def _play(
    folder: Path, settings: Settings, sentences: tuple[list[Sentence], list[Sentence]], calls: int
) -> list[Talk]:
    settings = settings.model_copy(update={"database_url": f"sqlite:///{folder / 'hotline.sqlite'}"})
    shorten_greeting(settings.state_dir)
    context = Context.of(settings)
    context.database.upgrade()
    city = City.founded(context)
    extensions = [str(1001 + number) for number in range(calls)]
    people = [city.agent]
    people += [user(context, city.hotline_id, Role.AGENT, extension=name) for name in extensions[1:]]
    seats = tuple(seats_of(extensions, settings.secrets.sip))
    talks = [Talk(Told()) for _ in range(calls)]
    with (
        Pbx(prepare(settings, seats)),
        TelephoneNetwork(settings) as network,
        processes(settings, "ivr", "live", "web"),
        ExitStack() as pages,
    ):
        control = AmiCallControl(settings)
        for person, seat, talk in zip(people, seats, talks, strict=True):
            pages.enter_context(_page(settings, person.name, talk.page))
            script = functools.partial(talk.script, 1, sentences[1])
            network.agent_phone(seat.extension, seat.password, script)
            until(lambda p=person, s=seat: _signs_on(context, control, p, s), 30, "the seat")  # type: ignore[misc]
            number = f"1380000{seat.extension}"
            network.citizen_calls(number, functools.partial(talk.script, 0, sentences[0]))
            until(lambda t=talk: "listening" in t.page.states, 60, "the live text of a call")  # type: ignore[misc]
        _let_them_talk(talks)
        with context.reading() as session:
            assert sum(call.state is CallState.TALKING for call in live_calls(session)) == calls
        for talk in talks:
            talk.over = True
    context.database.dispose()
    return talks


def _let_them_talk(talks: Sequence[Talk]) -> None:
    chance = random.Random(1)
    for talk in talks:
        threading.Timer(chance.uniform(0, STAGGER_S), talk.go.set).start()
    until(lambda: all(talk.turn == 2 * TURNS for talk in talks), 240, "everybody to have spoken")
    ends = time.monotonic() + 3
    until(lambda: time.monotonic() > ends)


def _signs_on(context: Context, control: AmiCallControl, person, seat) -> bool:  # type: ignore[no-untyped-def]
    sign_on(context.acting_as(person), control, seat.extension)
    return True


@contextmanager
def _page(settings: Settings, name: str, told: Told) -> Iterator[None]:
    """An agent's desk: signed in, its event stream read as it comes."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.web_port, timeout=30)
    cookie, token = signed_in(connection, name)
    connection.request("GET", "/events", headers={"Cookie": cookie, "X-CSRFToken": token})
    stream = connection.getresponse()

    def read() -> None:
        is_words = False
        try:
            while line := stream.readline():
                now = time.monotonic()
                if is_words and line.startswith(b"data: "):
                    told.news.append((now, json.loads(line[6:])))
                is_words = line == b"event: words\n"
        except (OSError, ValueError, AttributeError):
            return  # closed below

    threading.Thread(target=read, daemon=True).start()
    yield
    connection.close()


def _delays(talk: Talk) -> tuple[list[float], int]:
    """Seconds from the end of each word that came to the page, and how many words were said."""
    delays: list[float] = []
    words = 0
    for number, (who, sentence, began) in enumerate(talk.said):
        own_next = next((at for other, _, at in talk.said[number + 1 :] if other == who), float("inf"))
        shown = list(_growing(talk.page, who, began, own_next))
        words += len(sentence.words)
        found = _in_order([word for word, _ in sentence.words], shown[-1][1] if shown else "")
        kept = [sentence.words[index] for index in found]
        for count, (_, end) in enumerate(kept, start=1):
            names = [word for word, _ in kept[:count]]
            seen = next(at for at, text in shown if len(_in_order(names, text)) == count)
            delays.append(seen - (began + end))
    return delays, words


def _growing(page: Told, who: str, since: float, until_at: float) -> Iterator[tuple[float, str]]:
    """All that the page shows of this sentence, as it grows."""
    turns: dict[str, str] = {}
    others: set[str] = set()
    for at, message in page.news:
        for turn in message["turns"]:
            mine = turn["speaker"] == who and since <= at < until_at and turn["key"] not in others
            if mine or turn["key"] in turns:
                turns[turn["key"]] = turn["text"]
            else:
                others.add(turn["key"])
        yield at, "".join(turns.values())


def _in_order(words: Sequence[str], text: str) -> list[int]:
    """Which of these words are found in the text, one behind the other."""
    found, place = [], 0
    for index, word in enumerate(words):
        at = text.find(word, place)
        if at >= 0:
            found.append(index)
            place = at + len(word)
    return found


def _judge(talks: Sequence[Talk], calls: int, factor: float, cores: int) -> int:
    measured = [_delays(talk) for talk in talks]
    delays = np.array([delay for one, _ in measured for delay in one])
    words = sum(count for _, count in measured)
    shed = sum("shed" in talk.page.states for talk in talks)
    median, p95, worst = np.percentile(delays, [50, 95, 100])
    reached = p95 < GOAL_S and not shed and len(delays) >= 0.8 * words
    print(
        f"live text: word to desk p95 {p95:.2f} s (median {median:.2f}, worst {worst:.2f}), "
        f"{len(delays)} of {words} words, {calls} two-speaker calls at once "
        f"(bare Vosk {factor:.4f}, {SHARE:.0%} of {cores} cores), {shed} let go; "
        f"goal {GOAL_S:.2f} s: {'reached' if reached else 'MISSED'}"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
