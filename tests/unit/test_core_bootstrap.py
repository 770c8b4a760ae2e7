"""`bootstrap.sh` where it cannot work: one clear sentence, nothing half done. And `make` explains itself."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.config import PROJECT_ROOT

# What the script needs of any Linux before it looks for Debian's tools.
BASICS = ("bash", "env", "dirname", "mkdir", "flock", "sleep", "tail")


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder that everybody may use, with the script in it and a `bin` that has the basics alone."""
    with tempfile.TemporaryDirectory(prefix="hotline-bootstrap-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "bin").mkdir()
        for program in BASICS:
            found = shutil.which(program)
            assert found is not None
            (folder / "bin" / program).symlink_to(found)
        shutil.copy(PROJECT_ROOT / "bootstrap.sh", folder)
        yield folder


def bootstrap(machine: Path) -> subprocess.CompletedProcess[str]:
    """Run the script on this machine, as nobody in particular if we are root."""
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(
        [str(machine / "bin" / "bash"), "bootstrap.sh"],
        cwd=machine,
        env={"PATH": str(machine / "bin")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **nobody,  # type: ignore[arg-type]
    )


def program(machine: Path, name: str, body: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!{machine / 'bin' / 'bash'}\n{body}\n")
    path.chmod(0o755)


def test_another_system_is_told_what_it_would_need(machine: Path) -> None:
    done = bootstrap(machine)
    assert done.returncode == 1
    assert "Debian 12" in done.stderr
    assert "espeak-ng" in done.stderr


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["no sudo", "sudo wants a password"])
def test_without_root_it_names_what_is_missing(machine: Path, sudo: str | None) -> None:
    program(machine, "dpkg-query", "[[ ${!#} != sox ]] && echo -n installed")
    program(machine, "apt-get", "echo must not run >&2; exit 99")
    if sudo:
        program(machine, "sudo", sudo)
    done = bootstrap(machine)
    assert done.returncode == 1
    assert "(sox)" in done.stderr
    assert "sudo" in done.stderr
    assert "must not run" not in done.stdout + done.stderr
    assert not (machine / ".venv").exists()


def test_every_target_of_make_explains_itself() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(
        ["make", "-C", str(PROJECT_ROOT)], capture_output=True, text=True, check=True
    ).stdout
    explained = {line.split()[0] for line in shown.splitlines() if len(line.split()) > 2}
    assert set(phony[1].split()) <= explained
