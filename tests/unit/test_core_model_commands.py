"""`hotline model`: what it prints, writes and refuses."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli.main import main
from hotline.config import PROJECT_ROOT, load_settings
from hotline.context import Context
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing
from hotline.people.service import ensure_department

SMALL = str(PROJECT_ROOT / "recordings" / "models" / "small-zh")
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, migrated_sqlite: Path) -> Run:
    """The command on an installation with one department and one place."""
    database = tmp_path / "hotline.sqlite"
    database.write_bytes(migrated_sqlite.read_bytes())
    settings = load_settings(state_dir=tmp_path, database_url=f"sqlite:///{database}")
    context = Context.of(settings)
    ensure_department(context, "lake", "翠屏湖管理处", "Lake administration")
    add_missing(context, [Named(PlaceKind.COMMUNITY, "错埠岭社区", aliases=("翡珑湾",))])
    context.database.dispose()

    def run(*words: str, status: int = 0) -> str:
        answer = CliRunner().invoke(main, words, env=settings.environment())
        assert answer.exit_code == status, answer.output
        return answer.output

    return run


def test_every_condition_is_measured_and_written_for_programs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    printed = run("model", "measure", SMALL, "--every", "100", "--json", str(file))
    written = json.loads(file.read_text("utf-8"))
    assert written["model"]["name"] == "small-zh"
    assert len(written["model"]["sha256"]) == 64
    seen = {(figure["said"], figure["voices"], figure["condition"]) for figure in written["figures"]}
    assert len(seen) == len(written["figures"]) == 16
    for figure in written["figures"]:
        assert figure["characters"] > 0
        assert figure["rate"] == figure["errors"] / figure["characters"]
    plain = next(f for f in written["figures"] if f["said"] == "digit strings" and f["condition"] == "clean")
    assert plain["rate"] < 0.1, "digits in a clean voice are heard"
    assert "| unprepared complaints, plain voice |" in printed
    assert "babble" in printed


def test_a_folder_that_is_no_model_is_refused_with_its_reason(run: Run, tmp_path: Path) -> None:
    assert "it lacks am/final.mdl" in run("model", "measure", str(tmp_path), status=1)
    assert "nothing at this path" in run("model", "measure", str(tmp_path / "none"), status=1)


def test_the_names_of_the_database_and_of_a_file_become_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("骊麓公园\n\nX1\n", "utf-8")
    printed = run("model", "words", str(tmp_path / "city"), "--file", str(tmp_path / "more.txt"))
    assert "4 names added" in printed
    assert "X1" in printed
    words = (tmp_path / "city" / "graph" / "words.txt").read_text("utf-8")
    for name in ("翠屏湖管理处", "错埠岭社区", "翡珑湾", "骊麓公园"):
        assert f"\n{name} " in words
    before, after = (int(heard) for heard in re.findall(r"(\d) of 4 names heard right", printed))
    assert (before < after, after) == (True, 4)


def test_a_model_that_takes_no_words_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    assert "is there already" in run("model", "words", str(tmp_path / "city"), status=1)
