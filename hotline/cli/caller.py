"""`hotline caller`: citizens' and departments' telephones in a terminal, to try a hotline by hand.

They are lines of the telephone network of demo and tests: a second Asterisk at the trunk's address. Nobody
speaks into them: they press keys and say sentences that are typed, and keep what they heard.
"""

import itertools
import queue
import string
import threading
from collections.abc import Callable, Iterable

import click

from hotline.cli.demo.sound import CITIZEN_VOICE
from hotline.config import Settings
from ivr.network import (
    CallFailed,
    EndedBy,
    Line,
    NetworkCall,
    Script,
    TelephoneNetwork,
    can_be_dialled,
    ring_out,
    turn_busy,
)
from ivr.prompts import SpeechError, speak

HELP = """  call [NUMBER]            a citizen calls the hotline, from this number or one that is made up
  call anonymous           the same without showing a number
  dial DIALLED [NUMBER]    the same to another number behind the trunk, as 12320
  a 1*#                    telephone a presses keys
  a say SENTENCE           telephone a says it, in Mandarin
  a hang up
  answers NUMBER           somebody picks up where the hotline calls this number: a duty telephone, 119
  busy NUMBER, away NUMBER it is engaged, or nobody picks up
  quit"""
CITIZEN = 13900000000
_RINGS_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_LASTS_SECONDS = 7200.0
_KEYS = frozenset("0123456789*#")
_ENDS = {
    EndedBy.US: "hung up",
    EndedBy.THEM: "the hotline hung up",
    EndedBy.NOBODY_ANSWERED: "nobody answered",
}

Order = Callable[[Line], None]
Tell = Callable[[str], None]


class Handset:
    """A telephone that does what is typed for it; `None` among its orders is hanging up."""

    def __init__(self, name: str, number: str, tell: Tell) -> None:
        self.name, self.number = name, number
        self._tell = tell
        self._orders: queue.Queue[Order | None] = queue.Queue()
        self._placed = threading.Event()

    def placed(self, dialled: str) -> None:
        """Say that its call is on its way. Nothing else is told of it before, however soon it is answered."""
        self._tell(f"{self.name}: {self.number} calls {dialled}")
        self._placed.set()

    def order(self, order: Order | None) -> None:
        """Done at once, or as soon as the line is connected."""
        self._orders.put(order)

    def calls(self, line: Line) -> None:
        """What happens on a call that this telephone makes."""
        self._placed.wait()
        line.answer()
        self._tell(f"{self.name}: connected")
        self._follow(line)

    def is_called(self, line: Line) -> None:
        """What happens when this telephone is called: it rings for a moment and picks up."""
        self._tell(f"{self.name}: {self.number} rings, and picks up")
        line.ring(_RINGS_SECONDS)
        line.answer()
        self._follow(line)

    def _follow(self, line: Line) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                line.listen(_PAUSE_SECONDS)
                continue
            if order is None:
                return
            order(line)


class Callers:
    """Every telephone of this terminal, by its name, and what can be typed for them."""

    def __init__(self, settings: Settings, network: TelephoneNetwork, tell: Tell) -> None:
        self._settings, self._network, self._tell = settings, network, tell
        self._numbers = itertools.count(CITIZEN)
        self._sentences = itertools.count(1)
        self._handsets: dict[str, Handset] = {}

    def obey(self, typed: str) -> bool:
        """Do what a line says; False once it says to quit. What cannot be done is told."""
        words = typed.split()
        match words:
            case []:
                return True
            case ["quit"]:
                return False
            case ["call", *number] if len(number) < 2:
                self._call(self._settings.hotline_number, *number)
            case ["dial", dialled, *number] if len(number) < 2:
                self._call(dialled, *number)
            case ["answers" | "busy" | "away" as how, number]:
                self._is_called(how, number)
            case [name, *rest] if name in self._handsets and rest:
                self._do(self._handsets[name], rest)
            case _:
                self._tell(f"not understood. What can be typed:\n{HELP}")
        return True

    def _call(self, dialled: str, number: str = "") -> None:
        number = number or str(next(self._numbers))
        handset = self._next(number)
        try:
            call = self._network.dial(dialled, number, handset.calls)
        except ValueError as refusal:
            self._tell(str(refusal))
            return
        self._handsets[handset.name] = handset
        if can_be_dialled(number):  # not one that is withheld
            self._network.answers(number, handset.is_called)  # for when the hotline calls back
        handset.placed(dialled)
        threading.Thread(target=self._watch, args=(handset, call), daemon=True).start()

    def _is_called(self, how: str, number: str) -> None:
        """What happens when the hotline calls this number from now on."""
        if not can_be_dialled(number):
            self._tell(f"{number} is not a number that can be dialled")
        elif how == "answers":
            handset = self._next(number)
            self._handsets[handset.name] = handset
            self._network.answers(number, handset.is_called)
            self._tell(f"{handset.name}: waits at {number}")
        else:
            script: Script = turn_busy() if how == "busy" else ring_out()
            self._network.answers(number, script)
            self._tell(f"{number} is {how}")

    def _next(self, number: str) -> Handset:
        """A telephone with the next name, which is given away once the telephone is among the others."""
        return Handset(name_of(len(self._handsets)), number, self._tell)

    def _do(self, handset: Handset, words: list[str]) -> None:
        match words:
            case ["hang", "up"]:
                handset.order(None)
            case ["say", *sentence] if sentence:
                self._say(handset, " ".join(sentence))
            case [keys] if set(keys) <= _KEYS:
                handset.order(lambda line: line.press(keys))
            case _:
                self._tell(f"telephone {handset.name} can press keys, say something, or hang up")

    def _say(self, handset: Handset, sentence: str) -> None:
        file = self._settings.state_dir / "caller" / f"{next(self._sentences)}.wav"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            speak(sentence, file, voice=CITIZEN_VOICE, words_a_minute=150)
        except SpeechError as error:
            self._tell(str(error))
            return
        handset.order(lambda line: line.say(file))

    def _watch(self, handset: Handset, call: NetworkCall) -> None:
        try:
            ended = _ENDS[call.wait_ended(_LASTS_SECONDS)]
        except CallFailed as failure:
            ended = str(failure)
        heard = f"; what was heard: {call.heard}" if call.heard.exists() else ""
        self._tell(f"{handset.name}: over, {ended}{heard}")


def name_of(place: int) -> str:
    """a, b, ... z, aa, ab, ... for 0, 1, ..."""
    above, last = divmod(place, len(string.ascii_lowercase))
    return (name_of(above - 1) if above else "") + string.ascii_lowercase[last]


def obey_lines(settings: Settings, lines: Iterable[str]) -> None:
    """Obey one line after another, until `quit` or their end. Raises `PbxError`."""
    with TelephoneNetwork(settings) as network:
        callers = Callers(settings, network, click.echo)
        click.echo(f"The telephone network is up at {settings.trunk_host}. What can be typed:\n{HELP}")
        for typed in lines:
            if not callers.obey(typed):
                return
