"""What makes a folder a Vosk model: checked before Vosk sees it, which would print and crash."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SUPPORTED_RATES = (8000, 16_000)
_KALDI_DEFAULT_RATE = 16_000
_BINARY_MODEL = b"\0B<TransitionModel>"
_SAMPLE_FREQUENCY = re.compile(r"^\s*--sample-frequency\s*=\s*(\d+)(?:\.0*)?\s*(?:#.*)?$", re.MULTILINE)
_NOTES = frozenset({".md", ".txt~"})


class NotAVoskModel(Exception):
    """The folder cannot be loaded; the text names it and says what is wrong, for the administrator."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"{folder} is not a Vosk model: {problem}")
        self.folder = folder
        self.problem = problem


@dataclass(frozen=True)
class ModelFolder:
    """The folder of a Vosk model that looks complete. Make one with `check`."""

    path: Path
    rate: int

    @classmethod
    def check(cls, path: Path) -> "ModelFolder":
        """Look the folder over. Raises `NotAVoskModel`."""
        folder = path.expanduser().resolve()
        if not folder.exists():
            raise NotAVoskModel(folder, "there is nothing at this path")
        if not folder.is_dir():
            raise NotAVoskModel(folder, "it is a file; unpack the model and name its folder")
        missing = _missing(folder)
        if missing:
            raise NotAVoskModel(folder, f"it lacks {', '.join(missing)}")
        with (folder / _acoustic(folder)).open("rb") as file:
            if file.read(len(_BINARY_MODEL)) != _BINARY_MODEL:
                raise NotAVoskModel(folder, f"{_acoustic(folder)} is not a binary Kaldi model")
        return cls(folder, _rate(folder))

    @property
    def name(self) -> str:
        """The folder's own name, such as vosk-model-cn-0.22."""
        return self.path.name

    @cached_property
    def sha256(self) -> str:
        """Over the paths and contents of all files but notes: a transcript names its model exactly."""
        digest = hashlib.sha256()
        for file in sorted(p for p in self.path.rglob("*") if p.is_file() and p.suffix not in _NOTES):
            digest.update(file.relative_to(self.path).as_posix().encode() + b"\0")
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        return digest.hexdigest()


def _is_flat(folder: Path) -> bool:
    """Models from before 2020 keep everything in one folder."""
    return not (folder / "am").is_dir() and (folder / "final.mdl").is_file()


def _acoustic(folder: Path) -> str:
    return "final.mdl" if _is_flat(folder) else "am/final.mdl"


def _missing(folder: Path) -> list[str]:
    graph = "" if _is_flat(folder) else "graph/"
    features = "mfcc.conf" if _is_flat(folder) else "conf/mfcc.conf"
    wanted = [_acoustic(folder), features, f"{graph}words.txt"]
    missing = [name for name in wanted if not (folder / name).is_file()]
    whole = folder / f"{graph}HCLG.fst"
    halves = [folder / f"{graph}{part}" for part in ("HCLr.fst", "Gr.fst")]
    if not whole.is_file() and not all(half.is_file() for half in halves):
        missing.append(f"{graph}HCLG.fst (or {graph}HCLr.fst with {graph}Gr.fst)")
    return missing


def _rate(folder: Path) -> int:
    settings = folder / ("mfcc.conf" if _is_flat(folder) else "conf/mfcc.conf")
    found = _SAMPLE_FREQUENCY.search(settings.read_text("utf-8", errors="replace"))
    rate = int(found[1]) if found else _KALDI_DEFAULT_RATE
    if rate not in SUPPORTED_RATES:
        raise NotAVoskModel(folder, f"it wants audio at {rate} Hz; 8000 and 16000 are supported")
    return rate
