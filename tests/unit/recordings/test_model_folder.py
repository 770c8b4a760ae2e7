"""Which folders count as Vosk models, and what is said of those that do not."""

from pathlib import Path

import pytest

from hotline.config import Settings
from recordings.model_folder import ModelFolder, NotAVoskModel
from recordings.recogniser import Recogniser

MODEL = Settings().vosk_model
PARTS = {
    "am/final.mdl": b"\0B<TransitionModel> ",
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
    "graph/words.txt": b"",
    "graph/HCLG.fst": b"",
}


def build(folder: Path, parts: dict[str, bytes]) -> Path:
    for name, content in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_the_model_of_the_repository() -> None:
    checked = ModelFolder.check(MODEL)
    assert (checked.name, checked.rate) == ("small-zh", 8000)
    assert len(checked.sha256) == 64


def test_a_path_without_anything(tmp_path: Path) -> None:
    with pytest.raises(NotAVoskModel, match=r"nowhere is not a Vosk model: there is nothing"):
        ModelFolder.check(tmp_path / "nowhere")


def test_an_archive_that_was_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "vosk-model-cn-0.22.zip"
    archive.write_bytes(b"PK")
    with pytest.raises(NotAVoskModel, match="unpack the model"):
        ModelFolder.check(archive)


@pytest.mark.parametrize("lacking", PARTS)
def test_what_is_missing_is_named(tmp_path: Path, lacking: str) -> None:
    folder = build(tmp_path, {name: content for name, content in PARTS.items() if name != lacking})
    with pytest.raises(NotAVoskModel, match=f"lacks {lacking}"):
        ModelFolder.check(folder)


def test_an_empty_folder_lacks_everything(tmp_path: Path) -> None:
    with pytest.raises(NotAVoskModel, match=r"am/final.mdl, conf/mfcc.conf, graph/words.txt, graph/HCLG.fst"):
        ModelFolder.check(tmp_path)


def test_a_graph_in_two_halves_is_a_graph(tmp_path: Path) -> None:
    halves = {"graph/HCLr.fst": b"", "graph/Gr.fst": b""}
    parts = {name: content for name, content in PARTS.items() if name != "graph/HCLG.fst"}
    assert ModelFolder.check(build(tmp_path, parts | halves)).rate == 16_000


def test_an_old_flat_model(tmp_path: Path) -> None:
    flat = {name.rpartition("/")[2]: content for name, content in PARTS.items()}
    assert ModelFolder.check(build(tmp_path, flat)).rate == 16_000


def test_a_rate_that_no_telephone_gives(tmp_path: Path) -> None:
    folder = build(tmp_path, PARTS | {"conf/mfcc.conf": b"--sample-frequency=44100\n"})
    with pytest.raises(NotAVoskModel, match="44100 Hz"):
        ModelFolder.check(folder)


def test_a_text_file_in_place_of_the_acoustic_model(tmp_path: Path) -> None:
    folder = build(tmp_path, PARTS | {"am/final.mdl": b"version https://git-lfs"})
    with pytest.raises(NotAVoskModel, match="not a binary Kaldi model"):
        ModelFolder.check(folder)


def test_a_truncated_model_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(NotAVoskModel, match="Vosk refuses it"):
        Recogniser(build(tmp_path, PARTS))


def test_the_hash_tells_models_apart_and_ignores_notes(tmp_path: Path) -> None:
    first = ModelFolder.check(build(tmp_path / "a", PARTS)).sha256
    noted = ModelFolder.check(build(tmp_path / "b", PARTS | {"README.md": b"notes"})).sha256
    other = ModelFolder.check(build(tmp_path / "c", PARTS | {"graph/words.txt": b"x 1\n"})).sha256
    assert first == noted != other
