"""The command that photographs the running console."""

import os
import subprocess
import sys
from pathlib import Path

from tests.factories import PASSWORD, City

PNG = b"\x89PNG"


def test_a_picture_of_the_running_console_is_taken(console: str, city: City, tmp_path: Path) -> None:
    picture = tmp_path / "images" / "desk.png"
    command = [sys.executable, "-m", "agent_console.screenshots", "--address", console]
    done = subprocess.run(
        [*command, "--user", city.agent.name, "--out", str(picture)],
        env=os.environ | {"CONSOLE_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(PNG)
