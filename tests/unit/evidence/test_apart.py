"""Files are inspected in a process of its own; what that leaves is kept by digest."""

import hashlib
import stat
from pathlib import Path

import pytest

from hotline.evidence import apart
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.kinds import Kind
from hotline.evidence.store import NoSuchFile, Store
from tests import evidence_files as files

LARGEST = 1024 * 1024


def test_what_may_be_kept_comes_back_with_its_digest() -> None:
    found = apart.inspect("folder/现场.jpg", files.photograph(), LARGEST)
    assert (found.name, found.kind) == ("现场.jpg", Kind.JPEG)
    assert b"Seagull" not in found.content
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()


def test_a_fault_comes_back_with_the_name() -> None:
    with pytest.raises(FileRefused) as refused:
        apart.inspect("方案.pdf", files.pdf(files.launches), LARGEST)
    assert (refused.value.name, refused.value.fault) == ("方案.pdf", Fault.ACTIVE)
    assert "方案" not in str(refused.value)


def test_bytes_are_kept_once_and_for_ourselves(tmp_path: Path) -> None:
    store = Store(tmp_path / "evidence")
    digest = store.put(b"seen").digest
    assert store.put(b"seen") == (digest, None)
    kept = [path for path in store.root.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [digest]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(kept[0].parent.stat().st_mode) == 0o700
    assert store.get(digest) == b"seen"


@pytest.mark.parametrize("digest", ["", "../secrets", "a" * 63, "A" * 64, f"{'a' * 64}\n", "b" * 64])
def test_nothing_else_is_ever_read(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NoSuchFile):
        Store(tmp_path).get(digest)


def test_changed_bytes_are_not_given_out(tmp_path: Path) -> None:
    store = Store(tmp_path)
    digest = store.put(b"seen").digest
    (tmp_path / digest[:2] / digest).write_bytes(b"changed")
    with pytest.raises(NoSuchFile):
        store.get(digest)


def test_where_the_disk_refuses_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="Not a directory"):
        Store(tmp_path / "evidence").put(b"seen")


def test_who_wrote_bytes_takes_them_back_until_somebody_else_puts_the_same(tmp_path: Path) -> None:
    store = Store(tmp_path)
    mine = store.put(b"seen")
    store.take_back(mine)
    with pytest.raises(NoSuchFile):
        store.get(mine.digest)
    mine = store.put(b"seen")
    store.put(b"seen")
    store.take_back(mine)
    assert store.get(mine.digest) == b"seen"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [mine.digest]
