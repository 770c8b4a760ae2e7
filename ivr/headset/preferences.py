"""What the headset remembers on the agent's machine: server, name and devices; never a password."""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path


@dataclass(frozen=True)
class Preferences:
    """None: not chosen yet."""

    server: str | None = None
    username: str | None = None
    microphone: str | None = None
    loudspeaker: str | None = None

    def changed_by(self, **given: str | None) -> "Preferences":
        """With whatever was given this time."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})


def remembered() -> Preferences:
    """As `remember` left them. A file that cannot be read counts as none."""
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    known = {field.name for field in fields(Preferences)}
    if not isinstance(kept, dict):
        return Preferences()
    return Preferences(**{name: value for name, value in kept.items() if name in known and _is_text(value)})


def remember(preferences: Preferences) -> None:
    """Keep them for the next start."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(preferences), ensure_ascii=False, indent=1), encoding="utf-8")


def _path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "minsheng" / "headset.json"


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)
