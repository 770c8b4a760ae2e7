"""The keys that recordings are encrypted with: a file of one key a line, the newest first."""

import base64
import binascii
import stat
from pathlib import Path

from hotline.setting_errors import SettingsError
from recordings.sealed import KEY_BYTES


def load_keys(path: str) -> tuple[bytes, ...]:
    """Keys of the file that `Settings.recording_key_file` names; none for an empty name.

    The first encrypts; all of them are tried for reading, so that an old key stays below a new one. Raises
    `SettingsError` for a file that is missing, readable by others, or holds anything else.
    """
    if not path:
        return ()
    file = Path(path).expanduser()
    try:
        mode, lines = stat.S_IMODE(file.stat().st_mode), file.read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read as keys ({type(error).__name__})") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{file}: others can read the keys (mode {mode:o}); run: chmod 600 {file}")
    keys = tuple(_key(file, line) for line in lines)
    if not keys:
        raise SettingsError(f"{file}: holds no key; make one with: head -c 32 /dev/urandom | base64")
    return keys


def _key(file: Path, line: str) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{file}: a line is no key ({KEY_BYTES} bytes in base64)")
    return key
