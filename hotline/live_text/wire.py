"""What `hotline live` tells the consoles, as text on a WebSocket: one JSON object a message.

A console that connects is told of every call that is followed, and from then on of what changes. Nothing of
it touches a disk. Who connects proves with a key, made of this installation's secrets, that it is one of us.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from hotline.config import Settings
from hotline.live_text.rules import CallText
from hotline.transcripts.models import Speaker

_PURPOSE = b"live text"


@dataclass(frozen=True)
class Turn:
    """An utterance as a page shows it; one with the same `key` takes its place. Empty: take it away."""

    key: str
    speaker: Speaker
    label: str
    start_s: float
    final: bool
    text: str = field(repr=False)


@dataclass(frozen=True)
class CallNews:
    """How a call's text stands, and the utterances that changed. `over`: it is not followed any more."""

    call_id: int
    state: CallText
    turns: Sequence[Turn] = ()
    over: bool = False


@dataclass(frozen=True)
class Health:
    """How `hotline live` of one machine does. `shed` counts calls that it lets go at present."""

    calls: int
    shed: int
    lines: int
    lag_s: float
    busy: float


def key_of(settings: Settings) -> str:
    """What a console shows to be told."""
    return hmac.new(settings.secrets.ami.encode(), _PURPOSE, "sha256").hexdigest()


def written(news: CallNews | Health) -> str:
    """The message."""
    kind = "call" if isinstance(news, CallNews) else "health"
    return json.dumps({kind: asdict(news)}, ensure_ascii=False)


def read(message: str) -> CallNews | Health:
    """Of a message. Raises `ValueError` for anything else."""
    try:
        content = json.loads(message)
        if "health" in content:
            return Health(**content["health"])
        call = content["call"]
        turns = tuple(Turn(**turn | {"speaker": Speaker(turn["speaker"])}) for turn in call["turns"])
        return CallNews(call["call_id"], CallText(call["state"]), turns, call["over"])
    except (TypeError, KeyError) as error:
        raise ValueError("not a message of the live text") from error
