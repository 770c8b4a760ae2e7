"""Names of a city added to a model: what it hears then, and which models are refused with what reason."""

import shutil
from pathlib import Path

import pytest

from hotline.config import PROJECT_ROOT
from recordings.added_words import CannotAddWords, add_words
from recordings.model_folder import ModelFolder, NotAVoskModel
from recordings.recogniser import Recogniser
from recordings.training.telephone import RATE
from tests.unit.recordings.speech import spoken

SMALL = PROJECT_ROOT / "recordings" / "models" / "small-zh"
# Nobody's places: no dictionary has them.
NAMES = ["翡珑湾小区", "错埠岭社区", "骊麓街道办事处"]


LATER = "鸢栖里社区"


def heard(model: Recogniser, sentence: str) -> str:
    return "".join(segment.text for segment in model.transcribe(spoken(sentence), RATE))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The given model with the names; seconds of work, once for those who hear with it and who add to it."""
    before = ModelFolder.check(SMALL).sha256
    folder = tmp_path_factory.mktemp("models") / "city"
    done = add_words(SMALL, folder, [*NAMES, NAMES[0], "路灯", "ABC-12"])
    assert (done.added, done.known, done.unspeakable) == (NAMES, ["路灯"], ["ABC-12"])
    assert ModelFolder.check(SMALL).sha256 == before, "the given one stays as it was"
    return folder


def test_a_model_hears_names_that_were_added(city: Path) -> None:
    given, taught = Recogniser(SMALL), Recogniser(city)
    for name in NAMES:
        sentence = f"我住在{name}附近"
        assert name not in heard(given, sentence), "the name must be new, or this shows nothing"
        assert name in heard(taught, sentence)
    assert "路灯坏了" in heard(taught, "小区门口的路灯坏了"), "ordinary words are heard as before"


def test_words_can_be_added_to_a_model_that_took_words_before(city: Path, tmp_path: Path) -> None:
    done = add_words(city, tmp_path / "two", [NAMES[0], LATER])
    assert (done.added, done.known) == ([LATER], NAMES[:1])
    taught = Recogniser(tmp_path / "two")
    for name in (NAMES[0], LATER):
        assert name in heard(taught, f"我住在{name}附近")


def changed_copy(tmp_path: Path, change: str) -> Path:
    copy = tmp_path / "changed"
    shutil.copytree(SMALL, copy)
    if change == "one piece":
        (copy / "graph" / "HCLG.fst").write_bytes(b"")
    elif change == "other phones":
        (copy / "graph" / "phones.txt").write_text("<eps> 0\na 1\n")
    elif change == "no phones":
        (copy / "graph" / "phones.txt").unlink()
    elif change == "other kind of graph":
        shutil.copy(copy / "graph" / "Gr.fst", copy / "graph" / "HCLr.fst")
    elif change == "broken language":
        (copy / "graph" / "Gr.fst").write_bytes((SMALL / "graph" / "Gr.fst").read_bytes()[:100_000])
    return copy


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("one piece", "fixed piece"),
        ("other phones", "no lexicon"),
        ("no phones", "no lexicon"),
        ("other kind of graph", "'ngram', not 'vector'"),
        ("broken language", "do not fit together"),
    ],
)
def test_a_model_that_takes_no_words_is_refused_with_its_reason(
    tmp_path: Path, change: str, reason: str
) -> None:
    with pytest.raises(CannotAddWords, match=reason):
        add_words(changed_copy(tmp_path, change), tmp_path / "new", NAMES)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_there_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(CannotAddWords, match="is there already"):
        add_words(SMALL, tmp_path / "there", NAMES)
    with pytest.raises(CannotAddWords, match="inside it"):
        add_words(SMALL, SMALL / "new", NAMES)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAVoskModel, match="lacks"):
        add_words(tmp_path, tmp_path / "new", NAMES)
