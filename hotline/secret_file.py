"""The secrets of one installation: made at first use, kept in a file that only its owner can read."""

import os
import secrets as random_secrets
import tomllib
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from hotline.setting_errors import SettingsError


class Secrets(NamedTuple):
    """What this installation alone knows: made at first use, in `<state_dir>/secrets.toml`, mode 0600."""

    flask: str
    ami: str
    sip: str


class _SecretsFile(BaseModel):
    flask: str
    ami: str
    sip: str


def load_secrets(state_dir: Path) -> Secrets:
    """Read them, after making them if they are not there. Raises `SettingsError`."""
    path = state_dir / "secrets.toml"
    if not path.exists():
        _write_secrets(path)
    try:
        read = _SecretsFile(**tomllib.loads(path.read_text()))
    except (ValidationError, tomllib.TOMLDecodeError, OSError) as error:
        raise SettingsError(f"{path}: cannot be read as secrets ({type(error).__name__})") from None
    return Secrets(read.flask, read.ami, read.sip)


def _write_secrets(path: Path) -> None:
    """Written whole under another name and linked into place: the first of two processes wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{random_secrets.token_hex(4)}")
    lines = [f'{name} = "{random_secrets.token_hex(24)}"\n' for name in _SecretsFile.model_fields]
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(lines)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
