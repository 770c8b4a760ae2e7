"""`hotline administrator`: the first one, one who lost the way in, and nobody else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli.main import main
from hotline.config import load_settings
from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.queries import user_by_name
from hotline.people.service import LoginRefused, NewUser, ensure_user, log_in


@pytest.fixture
def context(tmp_path: Path, migrated_sqlite: Path) -> Context:
    """An installation without anybody."""
    database = tmp_path / "hotline.sqlite"
    database.write_bytes(migrated_sqlite.read_bytes())
    return Context.of(load_settings(state_dir=tmp_path, database_url=f"sqlite:///{database}"))


@pytest.fixture
def run(context: Context) -> Callable[..., str]:
    def run(name: str, status: int = 0) -> str:
        answer = CliRunner().invoke(main, ["administrator", name], env=context.settings.environment())
        assert answer.exit_code == status, answer.output
        return answer.output

    return run


def test_the_first_administrator_and_a_new_password_for_them(
    context: Context, run: Callable[..., str]
) -> None:
    first = run("zhang").rpartition(": ")[2].strip()
    user_id = log_in(context, "zhang", first)
    second = run("zhang").rpartition(": ")[2].strip()
    with pytest.raises(LoginRefused):
        log_in(context, "zhang", first)
    assert log_in(context, "zhang", second) == user_id
    with context.reading() as session:
        user = user_by_name(session, "zhang")
        assert user is not None
        assert (user.role_set, user.must_change_password) == ({Role.ADMINISTRATOR}, True)
        assert user.department.is_hotline
    context.database.dispose()


def test_nobody_becomes_one_who_is_another(context: Context, run: Callable[..., str]) -> None:
    run("zhang")
    ensure_user(context, NewUser("wangli", "a hash", "王丽", frozenset({Role.AGENT}), "hotline"))
    assert "is no administrator" in run("wangli", status=1)
    assert "cannot be an administrator's name" in run("张", status=1)
    context.database.dispose()
