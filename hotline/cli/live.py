"""`hotline run live`: what is said on the telephone becomes text while it is said."""

import threading

from hotline.config import Settings
from hotline.context import Context


def follow(settings: Settings, stop: threading.Event) -> None:
    """Listen by Vosk to the calls of this machine's Asterisk until `stop`."""
    from ivr.live.service import run
    from recordings.live import LiveDecoder
    from recordings.recogniser import Recogniser

    others = {language: Recogniser(folder) for language, folder in settings.vosk_models.items()}
    decoder = LiveDecoder(Recogniser(settings.vosk_model), by_language=others)
    run(Context.of(settings), decoder, stop)
