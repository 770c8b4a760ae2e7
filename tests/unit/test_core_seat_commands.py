"""`hotline seat` and `hotline telephone`: what they print and refuse, with no Asterisk running."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli.main import main
from hotline.config import load_settings
from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.service import NewUser, ensure_department, ensure_user
from tests.ports import free_port

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, migrated_sqlite: Path) -> Run:
    """The command on a small installation: two agents, one of them with a seat."""
    database = tmp_path / "hotline.sqlite"
    database.write_bytes(migrated_sqlite.read_bytes())
    settings = load_settings(state_dir=tmp_path, database_url=f"sqlite:///{database}", ami_port=free_port())
    context = Context.of(settings)
    ensure_department(context, "hotline", "热线", "Hotline", is_hotline=True)
    for name, extension in (("wangli", "1001"), ("lihua", None)):
        roles = frozenset({Role.AGENT})
        ensure_user(context, NewUser(name, "a hash", name, roles, "hotline", extension))
    context.database.dispose()

    def run(*words: str, status: int = 0) -> str:
        answer = CliRunner().invoke(main, words, env=settings.environment())
        assert answer.exit_code == status, answer.output
        return answer.output

    return run


def password(printed: str) -> str:
    found = re.search(r"^password\s+(\S+)$", printed, re.MULTILINE)
    assert found
    return found[1]


def test_a_desk_telephones_password_is_printed_made_anew_and_revoked(run: Run) -> None:
    first = password(run("telephone", "1001"))
    assert password(run("telephone", "1001")) == first
    second = password(run("telephone", "1001", "--new"))
    assert password(run("telephone", "1001")) == second != first
    assert "revoked" in run("telephone", "1001", "--revoke")
    assert "was revoked" in run("telephone", "1001", status=1)
    assert password(run("telephone", "1001", "--new")) not in (first, second)
    run("telephone", "1001", "--new", "--revoke", status=2)


def test_seats_are_added_listed_and_removed(run: Run) -> None:
    assert run("seat", "list").split() == ["1001", "wangli"]
    assert "lihua has extension 1002" in run("seat", "add", "1002", "lihua")
    assert password(run("telephone", "1002"))
    assert run("seat", "list").split() == ["1001", "wangli", "1002", "lihua"]
    run("seat", "remove", "1002")
    assert run("seat", "list").split() == ["1001", "wangli"]
    run("telephone", "1002", status=1)


def test_a_refusal_is_one_sentence(run: Run) -> None:
    for words, said in (
        (("seat", "add", "1001", "lihua"), "1001 belongs to wangli"),
        (("seat", "add", "12345678901", "lihua"), "2 to 10 digits"),
        (("seat", "add", "1002", "nobody"), "no active user"),
        (("seat", "remove", "1099"), "nobody has extension 1099"),
        (("telephone", "1099"), "nobody has extension 1099"),
    ):
        printed = run(*words, status=1)
        assert said in printed
        assert "Traceback" not in printed
    assert run("seat", "list").split() == ["1001", "wangli"], "what is refused changes nothing"


def test_an_installation_that_is_not_set_up_is_told_in_one_sentence(tmp_path: Path) -> None:
    fresh = load_settings(state_dir=tmp_path / "fresh").environment()
    for words in (["seat", "list"], ["seat", "add", "1002", "lihua"], ["telephone", "1001"]):
        answer = CliRunner().invoke(main, words, env=fresh)
        assert answer.exit_code == 1
        assert "hotline check" in answer.output
        assert "Traceback" not in answer.output
        assert len(answer.output.splitlines()) == 1

    (tmp_path / "file").touch()
    nowhere = load_settings(state_dir=tmp_path / "file" / "below").environment()
    answer = CliRunner().invoke(main, ["seat", "list"], env=nowhere)
    assert answer.exit_code == 1
    assert "HOTLINE_STATE_DIR" in answer.output


def test_an_empty_list_of_seats_says_how_to_make_one(run: Run) -> None:
    run("seat", "remove", "1001")
    assert "hotline seat add" in run("seat", "list")
