"""The key file: only what can be trusted is taken."""

import base64
from pathlib import Path

import pytest

from hotline.setting_errors import SettingsError
from recordings.keys import load_keys

KEY = base64.b64encode(bytes(range(32))).decode()


def keys(folder: Path, content: str, mode: int = 0o600) -> str:
    file = folder / "recordings.key"
    file.write_text(content)
    file.chmod(mode)
    return str(file)


def test_no_file_is_no_encryption() -> None:
    assert load_keys("") == ()


def test_the_newest_key_comes_first(tmp_path: Path) -> None:
    newer = base64.b64encode(bytes(32)).decode()
    assert load_keys(keys(tmp_path, f"{newer}\n{KEY}\n")) == (bytes(32), bytes(range(32)))


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        (KEY, 0o640, "others can read"),
        ("", 0o600, "holds no key"),
        (KEY[:20], 0o600, "no key"),
        ("not base64 at all!", 0o600, "no key"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, mode: int, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        load_keys(keys(tmp_path, content, mode))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FileNotFoundError"):
        load_keys(str(tmp_path / "nowhere"))
