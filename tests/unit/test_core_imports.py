"""Libraries with sharp edges, and circles of modules: import-linter sees packages only."""

import ast
import os
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from hotline.config import PROJECT_ROOT

PACKAGES = ("hotline", "ivr", "recordings", "agent_console")


@cache
def text_of(source: Path) -> str:
    return source.read_text(encoding="utf-8")


@cache
def imported_names(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(text_of(source))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@cache
def sources() -> list[Path]:
    """Found once: beside ours lie the thousands of folders of what the front end is built with."""
    found = []
    for package in PACKAGES:
        for folder, below, files in os.walk(PROJECT_ROOT / package):
            below[:] = [name for name in below if name != "node_modules"]
            found += [Path(folder, name) for name in files if name.endswith(".py")]
    return found


def importers(library: str) -> list[str]:
    found = [
        path
        for path in sources()
        if library.partition(".")[0] in text_of(path)  # quick: to parse all of them takes seconds
        and any(name == library or name.startswith(f"{library}.") for name in imported_names(path))
    ]
    return [str(path.relative_to(PROJECT_ROOT)) for path in found]


@pytest.mark.parametrize(
    ("library", "folder"),
    [
        ("asterisk.agi", "ivr/agi/"),
        ("asterisk.ami", "ivr/ami/"),
        ("vosk", "recordings/"),
        ("sklearn", "hotline/suggestions/"),
        ("sounddevice", "ivr/headset/"),
        ("PIL", "hotline/evidence/"),
        ("pikepdf", "hotline/evidence/"),
        ("defusedxml", "hotline/evidence/"),
    ],
)
def test_one_module_imports_it(library: str, folder: str) -> None:
    modules = importers(library)
    assert len(modules) == 1
    assert modules[0].startswith(folder)


def test_sound_files_are_read_by_one_module_of_each_side() -> None:
    assert sorted(importers("soundfile")) == [
        "hotline/evidence/audio.py",
        "ivr/prompts/studio.py",
        "recordings/sound_files.py",
    ]


def test_nobody_imports_the_whole_of_asterisk() -> None:
    assert {path.split("/")[0] for path in importers("asterisk")} <= {"ivr"}
    assert len(importers("asterisk")) == 2


def test_every_module_can_be_imported_first() -> None:
    """`CycleError` names the modules of a circle."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()
