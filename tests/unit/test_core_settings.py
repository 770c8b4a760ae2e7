"""Settings: where they come from, which wins, and that wrong ones are refused by name."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.config import PROJECT_ROOT, Settings, load_settings
from hotline.setting_errors import SettingsError


def test_defaults_keep_everything_inside_the_checkout() -> None:
    settings = load_settings()
    assert settings.database == f"sqlite:///{PROJECT_ROOT / 'var' / 'hotline.sqlite'}"
    assert settings.spool_dir == PROJECT_ROOT / "recordings" / "spool"
    assert (settings.web_host, settings.sip_host) == ("127.0.0.1", "127.0.0.1")
    assert settings.deadline_profile == "seed-2011"


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_WEBPORT", "8001")
    with pytest.raises(SettingsError, match="HOTLINE_WEBPORT"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("HOTLINE_WEB_PORT", "eight", "web_port"),
        ("HOTLINE_WEB_PORT", "0", "web_port"),
        ("HOTLINE_SIP_PORT", "65536", "sip_port"),
        ("HOTLINE_TIME_ZONE", "Asia/Nowhere", "Asia/Nowhere"),
        ("HOTLINE_TIME_ZONE", "../../etc/passwd", "time_zone"),
        ("HOTLINE_LANGUAGE", "fr", "language"),
        ("HOTLINE_HOTLINE_NUMBER", "12345; rm", "hotline_number"),
        ("HOTLINE_RTP_LAST", "10001", "rtp_last"),
        ("HOTLINE_FOLLOW_UP_HOURS", "21:00-08:30", "follow_up_hours"),
        ("HOTLINE_FOLLOW_UP_HOURS", "always", "follow_up_hours"),
        ("HOTLINE_FOLLOW_UP_HOURS", "08:99-21:00", "follow_up_hours"),
        ("HOTLINE_QUEUE_TIMEOUT_SECONDS", "1", "queue_timeout_seconds"),
        ("HOTLINE_DEADLINE_PROFILE", "seed-2012", "deadline_profile"),
        ("HOTLINE_DATABASE_URL", "not a url", "database_url"),
        ("HOTLINE_NOTICE_TITLES", '{"L1": "催办单"}', "no level with a letter"),
        ("HOTLINE_NOTICE_TITLES", '{"L2": "交"}', "between 2 and 40"),
        ("HOTLINE_NOTICE_TITLES", '{"L2": "../交办函"}', "one line"),
        ("HOTLINE_NOTICE_ISSUERS", '{"L2": "市政府\\n办公室"}', "notice_issuers"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=named):
        load_settings()


MAILBOX = {"mailbox_host": "mail.example", "mailbox_user": "u", "mailbox_password_file": "/p"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"mailbox_user": ""}, "mailbox_user"),
        ({"mailbox_password_file": ""}, "mailbox_password_file"),
        ({"mailbox_security": "none"}, "this machine only"),
        ({"mailbox_security": "starttls"}, "143"),
    ],
)
def test_half_a_mailbox_is_refused(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(**{**MAILBOX, **given})


def test_a_mailbox_has_a_process() -> None:
    assert "mail" not in load_settings().own_processes
    assert "mail" in load_settings(**MAILBOX).own_processes
    assert load_settings(**MAILBOX, mailbox_security="starttls", mailbox_port=143).mailbox_port == 143


SMTP = {"smtp_host": "mail.example", "smtp_sender": "12345@city.example"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"smtp_sender": ""}, "smtp_sender"),
        ({"smtp_sender": "12345@city.example\n"}, "smtp_sender"),
        ({"smtp_user": "u"}, "smtp_password_file"),
        ({"smtp_security": "none"}, "this machine only"),
        ({"smtp_security": "starttls"}, "587"),
    ],
)
def test_half_a_server_for_letters_is_refused(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(**{**SMTP, **given})


def test_letters_go_out_by_the_process_of_the_mailbox() -> None:
    assert "mail" in load_settings(**SMTP).own_processes


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "hotline.toml"
    file.write_text('web_port = 8111\ncity = "兰州"\n', encoding="utf-8")
    monkeypatch.setenv("HOTLINE_FILE", str(file))
    assert (load_settings().web_port, load_settings().city) == (8111, "兰州")
    monkeypatch.setenv("HOTLINE_WEB_PORT", "8222")
    assert (load_settings().web_port, load_settings().city) == (8222, "兰州")
    assert load_settings(web_port=8333).web_port == 8333


def test_the_file_of_the_working_folder_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hotline.toml").write_text("web_port = 8111\n")
    monkeypatch.delenv("HOTLINE_FILE")
    monkeypatch.chdir(tmp_path)
    assert load_settings().web_port == 8111


@pytest.mark.parametrize(
    ("content", "named"),
    [("web_prot = 1\n", "web_prot"), ("web_port = \n", "TOML"), ('web_port = "x"\n', "web_port")],
)
def test_a_wrong_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, named: str
) -> None:
    file = tmp_path / "hotline.toml"
    file.write_text(content)
    monkeypatch.setenv("HOTLINE_FILE", str(file))
    with pytest.raises(SettingsError, match=named):
        load_settings()


def test_a_named_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_FILE", str(tmp_path / "hotlin.toml"))
    with pytest.raises(SettingsError, match=r"hotlin\.toml"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().web_port = 1  # type: ignore[misc]


def test_another_process_gets_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = load_settings(state_dir=tmp_path, city="兰州", follow_up_hours="00:00-24:00", web_port=8123)
    for name, value in ours.environment().items():
        monkeypatch.setenv(name, value)
    assert load_settings() == ours


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = load_settings(state_dir=state).secrets
    assert load_settings(state_dir=state).secrets == first
    assert len({first.flask, first.ami, first.sip}) == 3
    assert min(map(len, first)) >= 32
    assert stat.S_IMODE((state / "secrets.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert [path.name for path in state.iterdir()] == ["secrets.toml"]


def test_secrets_do_not_show_in_the_settings(tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path)
    secrets = settings.secrets
    shown = f"{settings!r} {settings} {settings.environment()}"
    assert not [secret for secret in secrets if secret in shown]


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    ask = """import sys
from hotline.config import load_settings
sys.stdin.read(1)
print(load_settings().secrets)
"""
    environment = {
        "HOTLINE_STATE_DIR": str(tmp_path / "state"),
        "HOTLINE_FILE": "/dev/null",
        "PATH": "/usr/bin",
    }
    command = [sys.executable, "-c", ask]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    starters = [subprocess.Popen(command, env=environment, text=True, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for starter in starters:  # all have imported and wait; now they go on together
        starter.stdin.write("x")
        starter.stdin.close()
    said = {starter.stdout.read() for starter in starters}
    for starter in starters:
        starter.stdout.close()
        assert starter.wait(timeout=30) == 0
    assert len(said) == 1


def test_broken_secrets_are_named_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text("flask = ")
    with pytest.raises(SettingsError, match=r"secrets\.toml"):
        _ = Settings(state_dir=tmp_path).secrets
    assert (tmp_path / "secrets.toml").read_text() == "flask = "
