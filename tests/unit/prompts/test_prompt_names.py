"""Whatever the dialplan or a script plays is there in every language."""

import re
from importlib import resources

from hotline.prompts.texts import LANGUAGES, known_prompts, pieces, sentences
from ivr.agi import follow_up

_PLAYED = re.compile(r"(?:Playback|Background|Read)\((?:\w+,)?([a-z0-9&-]+)[),]")


def dialplan() -> str:
    """Every template of the hotline's dialplan."""
    folder = resources.files("asterisk_conf") / "hotline"
    parts = [folder / "extensions.conf.j2", *(folder / "dialplan").iterdir()]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def test_what_the_dialplan_plays_has_words_in_every_language() -> None:
    played = {name for names in _PLAYED.findall(dialplan()) for name in names.split("&")}
    assert {"all-busy", "not-in-service"} <= played
    for language in LANGUAGES:
        assert played - known_prompts(language) == set()


def test_what_scripts_play_has_words_in_every_language() -> None:
    constants = {name: value for name, value in vars(follow_up).items() if name.isupper()}
    named = {value for value in constants.values() if isinstance(value, str) and "-" in value}
    assert named
    for language in LANGUAGES:
        assert named <= known_prompts(language)


def test_sentences_are_the_same_in_every_language_and_no_piece_is_a_sentence() -> None:
    assert set(sentences("zh")) == set(sentences("en"))
    for language in LANGUAGES:
        assert not set(sentences(language)) & set(pieces(language))
        assert all(text.strip() for text in (*sentences(language).values(), *pieces(language).values()))


def test_names_are_safe_in_a_path_and_a_playback_list() -> None:
    for language in LANGUAGES:
        assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) for name in known_prompts(language))
