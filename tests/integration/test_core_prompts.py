"""Prompts are replaced, reworded, added and given back, on both databases; files follow what is in use."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.config import load_settings
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import NotPermitted
from hotline.prompts import queries, service
from hotline.prompts.models import Voice
from hotline.prompts.ports import NO_STUDIO, Fault, PreparedSound, PromptRefused, StudioAway
from hotline.prompts.texts import known_prompts, prompt_texts
from ivr.prompts import PromptKeeper, Studio, sounds_folder
from ivr.prompts.render import mirror_folder
from tests.factories import City, FixedClock, make_context


@pytest.fixture
def context(database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(database, clock, tmp_path, cache_dir=load_settings().cache_dir)


@pytest.fixture
def acting(context: Context) -> Context:
    return context.acting_as(City.founded(context).supervisor)


def tone(hertz: int = 500) -> bytes:
    content = io.BytesIO()
    samples = 0.3 * np.sin(2 * np.pi * hertz * np.arange(16_000) / 16_000)
    soundfile.write(content, samples, 16_000, format="WAV")
    return content.getvalue()


class Refuses:
    """A studio that takes nothing."""

    def prepare(self, recording: bytes) -> PreparedSound:
        raise PromptRefused(Fault.SILENT)

    def as_played(self, language: str, name: str) -> bytes | None:
        return None


def voice(context: Context, name: str = "greeting", language: str = "zh") -> Voice:
    with context.reading() as session:
        found = queries.prompt(session, language, name)
        assert found is not None
        return found.voice


def text(context: Context, name: str, language: str = "zh") -> str:
    with context.reading() as session:
        found = queries.prompt(session, language, name)
        assert found is not None
        return found.text


def test_a_recording_is_in_use_until_the_machine_speaks_again_and_is_kept(acting: Context) -> None:
    studio = Studio(acting.settings)
    first = service.keep_recording(acting, studio, "zh", "greeting", tone(), Voice.UPLOADED)
    service.keep_recording(acting, studio, "zh", "greeting", tone(700), Voice.HEADSET)
    assert voice(acting) is Voice.HEADSET
    assert voice(acting, language="en") is Voice.MACHINE
    service.use_version(acting, first)
    assert voice(acting) is Voice.UPLOADED
    service.back_to_spoken(acting, "zh", "greeting")
    assert voice(acting) is Voice.MACHINE
    with acting.reading() as session:
        versions = queries.versions_of(session, "zh", "greeting")
        assert [version.in_use for version in versions] == [False, False]
        assert {version.made_by for version in versions} == {acting.actor.name}
        assert queries.sound_of(session, first)


def test_other_words_are_spoken_and_outlive_a_recording(acting: Context) -> None:
    service.reword(acting, "zh", "thanks", "  感谢来电。\n再见。 ")
    assert text(acting, "thanks") == "感谢来电。 再见。"
    service.keep_recording(acting, Studio(acting.settings), "zh", "thanks", tone(), Voice.UPLOADED)
    assert text(acting, "thanks") == "感谢来电。 再见。"
    service.back_to_spoken(acting, "zh", "thanks")
    assert (text(acting, "thanks"), voice(acting, "thanks")) == ("感谢来电。 再见。", Voice.MACHINE)


def test_a_prompt_of_the_citys_own_is_known_in_every_language(acting: Context) -> None:
    service.add(acting, "banner-water", {"zh": "市北区停水，正在抢修。", "en": "No water in Shibei."})
    with acting.reading() as session:
        for language in ("zh", "en"):
            assert "banner-water" in queries.known_prompts(session, language) - known_prompts(language)
        assert queries.prompts(session, "zh")[0].name == "banner-water"
    service.back_to_spoken(acting, "en", "banner-water")
    assert text(acting, "banner-water", "en") == "No water in Shibei."


@pytest.mark.parametrize(
    ("name", "texts", "word"),
    [
        ("Banner", {"zh": "停水", "en": "no water"}, "name"),
        ("../../etc/passwd", {"zh": "停水", "en": "no water"}, "name"),
        ("greeting", {"zh": "停水", "en": "no water"}, "taken"),
        ("banner", {"zh": "停水"}, "text"),
        ("banner", {"zh": "停" * 1001, "en": "no water"}, "text"),
    ],
)
def test_bad_names_and_words_are_refused(
    acting: Context, name: str, texts: dict[str, str], word: str
) -> None:
    with pytest.raises(service.BadPrompt, match=word):
        service.add(acting, name, texts)
    with acting.reading() as session:
        assert queries.known_prompts(session, "zh") == known_prompts("zh")


def test_what_is_not_there_or_not_good_changes_nothing(acting: Context) -> None:
    studio = Studio(acting.settings)
    for language, name in (("zh", "nothing"), ("fr", "greeting")):
        with pytest.raises(service.NoSuchPrompt):
            service.keep_recording(acting, studio, language, name, tone(), Voice.UPLOADED)
        with pytest.raises(service.NoSuchPrompt):
            service.back_to_spoken(acting, language, name)
    with pytest.raises(service.NoSuchPrompt):
        service.use_version(acting, 4711)
    with pytest.raises(PromptRefused):
        service.keep_recording(acting, Refuses(), "zh", "greeting", tone(), Voice.UPLOADED)
    with pytest.raises(StudioAway):
        service.keep_recording(acting, NO_STUDIO, "zh", "greeting", tone(), Voice.UPLOADED)
    assert voice(acting) is Voice.MACHINE


def test_prompts_are_for_supervisors(context: Context) -> None:
    agent = context.acting_as(City.founded(context).agent)
    with pytest.raises(NotPermitted):
        service.keep_recording(agent, Studio(agent.settings), "zh", "greeting", tone(), Voice.UPLOADED)
    for forbidden in (
        lambda: service.reword(agent, "zh", "greeting", "你好"),
        lambda: service.back_to_spoken(agent, "zh", "greeting"),
        lambda: service.use_version(agent, 1),
        lambda: service.add(agent, "x", {"zh": "你好", "en": "hello"}),
    ):
        with pytest.raises(NotPermitted):
            forbidden()


def test_files_follow_what_is_in_use(acting: Context) -> None:
    keeper = PromptKeeper(acting)
    assert keeper.follow(given_up=lambda: True) == []
    assert "zh/greeting" in keeper.follow()
    assert keeper.follow() == []
    played = sounds_folder(acting.settings) / "zh" / "greeting.wav"
    spoken = played.read_bytes()
    studio = Studio(acting.settings)
    version = service.keep_recording(acting, studio, "zh", "greeting", tone(), Voice.UPLOADED)
    service.add(acting, "banner-water", {"zh": "停水", "en": "no water"})
    assert set(keeper.follow()) == {"zh/greeting", "zh/banner-water", "en/banner-water"}
    with acting.reading() as session:
        assert played.read_bytes() == queries.sound_of(session, version) == studio.as_played("zh", "greeting")
    assert PromptKeeper(acting).follow() == []
    kept = json.loads((mirror_folder(acting.settings) / "zh.json").read_text())
    assert kept == {"greeting": prompt_texts("zh")["greeting"], "banner-water": "停水"}
    service.back_to_spoken(acting, "zh", "greeting")
    assert keeper.follow() == ["zh/greeting"]
    assert played.read_bytes() == spoken
