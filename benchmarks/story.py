"""The demo's story by the command itself: its set-up, and what it adds to the time on the telephone.

    python -m benchmarks.story

The limit of a story is speech itself: the seconds that the citizen spent on the telephone, in the call and
in the follow-up, measured in the same run. Set-up is that of a second run: all is installed, nothing is up.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.telephony.conftest import private_settings

SETUP_LIMIT_S = 15.0
STORY_LIMIT = 1.5


def main() -> int:
    """Exit status 0 if the story was true and both limits are held."""
    with tempfile.TemporaryDirectory(prefix="story.") as folder:
        settings = private_settings(Path(folder))
        environment = os.environ | settings.environment()
        measured = Path(folder) / "story.json"
        words = [sys.executable, "-m", "hotline"]
        subprocess.run([*words, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [*words, "demo", "--once", "--json", str(measured)],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return _judge(json.loads(measured.read_text(encoding="utf-8")))


def _judge(told: dict[str, Any]) -> int:
    telephone = _seconds(told["call"]["legs"][0]) + sum(map(_seconds, told["callback"]["attempts"]))
    ratio = told["story_s"] / telephone
    print(f"set-up  {told['setup_s']:6.1f} s (limit {SETUP_LIMIT_S:.0f} s)")
    print(f"story   {told['story_s']:6.1f} s, of which {telephone:.1f} s on the telephone")
    print(f"ratio   {ratio:6.2f} (limit {STORY_LIMIT:.2f})")
    return 0 if told["setup_s"] <= SETUP_LIMIT_S and ratio <= STORY_LIMIT else 1


def _seconds(lasting: dict[str, str]) -> float:
    began, ended = (datetime.fromisoformat(lasting[name]) for name in ("started_at", "ended_at"))
    return (ended - began).total_seconds()


if __name__ == "__main__":
    sys.exit(main())
