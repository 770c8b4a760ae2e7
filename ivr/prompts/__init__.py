"""Spoken prompts: texts from `asterisk_conf/prompts`, spoken once, played by Asterisk.

`ensure_prompts(settings)` and `ensure_music(settings)` render what is missing or outdated;
`speak(...)` says any text into a WAV file; `Studio` makes prompts of recordings, and `PromptKeeper` puts
them in their places while Asterisk runs.
"""

from ivr.prompts.keeper import PromptKeeper
from ivr.prompts.music import ensure_beep, ensure_music
from ivr.prompts.render import ensure_prompts, sounds_folder
from ivr.prompts.speech import SpeechError, speak
from ivr.prompts.studio import Studio

__all__ = [
    "PromptKeeper",
    "SpeechError",
    "Studio",
    "ensure_beep",
    "ensure_music",
    "ensure_prompts",
    "sounds_folder",
    "speak",
]
