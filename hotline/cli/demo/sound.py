"""What the demo says aloud: the citizen's and the agent's sentences as WAV files."""

from dataclasses import dataclass
from pathlib import Path

from ivr.prompts import speak

CITIZEN_VOICE = "cmn-latn-pinyin+f2"
AGENT_VOICE = "cmn-latn-pinyin"
AGENT_GREETING = "您好，请问有什么可以帮您？"
AGENT_FAREWELL = "好的，您反映的问题已经登记，我们会尽快给您回复，再见。"
LONGEST_SENTENCE = 500


@dataclass(frozen=True)
class Voices:
    """Files of a conversation, 8 kHz s16 mono."""

    complaint: Path
    greeting: Path
    farewell: Path


def record(folder: Path, sentence: str) -> Voices:
    """Speak the sentence as the citizen and the agent's two as the agent. Raises `SpeechError`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    voices = Voices(folder / "complaint.wav", folder / "greeting.wav", folder / "farewell.wav")
    speak(sentence, voices.complaint, voice=CITIZEN_VOICE, words_a_minute=150)
    speak(AGENT_GREETING, voices.greeting, voice=AGENT_VOICE)
    speak(AGENT_FAREWELL, voices.farewell, voice=AGENT_VOICE)
    return voices
