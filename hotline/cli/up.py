"""Start, watch and stop all processes of one machine, under supervisor (https://supervisord.org).

supervisord restarts whatever dies; it is asked for states and told to shut down over its own XML-RPC on a
unix socket. The socket lies in a short path of its own, because a socket's path may have 107 bytes only.
"""

import hashlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from supervisor.xmlrpc import SupervisorTransport

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.database import Database
from ivr.pbx import ensure_certificates, ports_in_use

START_SECONDS = 60.0
STOP_SECONDS = 30.0
_POLL_SECONDS = 0.1
_LOG_BYTES = "20MB"

_SUPERVISOR = """\
[supervisord]
logfile={log}/supervisord.log
pidfile={run}/supervisord.pid
childlogdir={log}
silent=true
[unix_http_server]
file={socket}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

# A PBX that dies takes the calls with it: it is back at once. `startsecs` is how long a start must last.
_PROGRAM = """\
[program:{name}]
command={python} -m hotline run {name}
directory={directory}
startsecs=2
startretries=100
autorestart=true
stopwaitsecs=15
redirect_stderr=true
stdout_logfile={log}/{name}.log
stdout_logfile_maxbytes={bytes}
stdout_logfile_backups=5
"""


@dataclass(frozen=True)
class ProcessState:
    """One process as supervisor sees it; `state` is RUNNING, STARTING, BACKOFF, FATAL, ..."""

    name: str
    state: str
    description: str


def start(settings: Settings) -> None:
    """Start everything and return once it answers. Raises `CommandFailed` naming what stands in the way."""
    _refuse_if_hindered(settings)
    _migrate(settings)
    finished = subprocess.run(  # noqa: S603 (our own words)
        _command(settings), env=_environment(settings), capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise CommandFailed(f"the process manager did not start: {finished.stderr.strip()[-500:]}")
    try:
        _wait_until_answering(settings)
    except CommandFailed:
        stop(settings)
        raise


def replace_by_supervisor(settings: Settings) -> NoReturn:
    """Become the process manager, in the foreground."""
    _refuse_if_hindered(settings)
    _migrate(settings)
    words = [*_command(settings), "--nodaemon"]
    os.execve(words[0], words, _environment(settings))  # noqa: S606


def stop(settings: Settings) -> bool:
    """Stop everything and return when it is gone. False if nothing ran."""
    try:
        with _server(settings) as server:
            pid = int(server.supervisor.getPID())
            server.supervisor.shutdown()
    except (OSError, http.client.HTTPException):
        return False
    due = time.monotonic() + STOP_SECONDS
    while _alive(pid):
        if time.monotonic() > due:
            raise CommandFailed(f"the process manager (process {pid}) does not end; see {_log_dir(settings)}")
        time.sleep(_POLL_SECONDS)
    return True


def states(settings: Settings) -> list[ProcessState]:
    """What runs, in the order of starting; empty if nothing does."""
    try:
        with _server(settings) as server:
            found: Any = server.supervisor.getAllProcessInfo()
    except (OSError, http.client.HTTPException):
        return []
    by_name = {entry["name"]: entry for entry in found}
    return [
        ProcessState(name, by_name[name]["statename"], by_name[name]["description"])
        for name in settings.own_processes
        if name in by_name
    ]


def is_up(settings: Settings) -> bool:
    """Whether this installation's processes run."""
    return bool(states(settings))


def _refuse_if_hindered(settings: Settings) -> None:
    if is_up(settings):
        raise CommandFailed(f"Minsheng is up already: {settings.console_url} (stop it with: hotline down)")
    if taken := ports_in_use(settings):
        raise CommandFailed("; ".join(taken))
    if "pbx" in settings.own_processes:
        ensure_certificates(settings)


def _migrate(settings: Settings) -> None:
    database = Database(settings.database)
    database.upgrade()
    database.dispose()


def _command(settings: Settings) -> list[str]:
    return [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(_configuration(settings))]


def _configuration(settings: Settings) -> Path:
    log, run = _log_dir(settings), settings.state_dir / "run"
    for folder in (log, run):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = _SUPERVISOR.format(log=log, run=run, socket=_socket(settings))
    for name in settings.own_processes:
        text += _PROGRAM.format(name=name, python=sys.executable, directory=run, log=log, bytes=_LOG_BYTES)
    path = run / "supervisord.conf"
    path.write_text(text.replace("%", "%%"))
    return path


def _environment(settings: Settings) -> dict[str, str]:
    """supervisord's children inherit its environment, and with it exactly these settings."""
    return os.environ | settings.environment() | {"PYTHONUNBUFFERED": "1"}


def _log_dir(settings: Settings) -> Path:
    return settings.state_dir / "log"


def _socket(settings: Settings) -> Path:
    name = hashlib.sha256(str(settings.state_dir).encode()).hexdigest()[:16]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    folder = base / f"minsheng-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise CommandFailed(f"{folder} belongs to somebody else")
    return folder / f"{name}.sock"


def _server(settings: Settings) -> Any:
    transport = SupervisorTransport(None, None, f"unix://{_socket(settings)}")
    return xmlrpc.client.ServerProxy("http://localhost", transport=transport)


def _wait_until_answering(settings: Settings) -> None:
    answering = {
        "pbx": (settings.ami_host, settings.ami_port),
        "ivr": ("127.0.0.1", settings.agi_port),
        "live": (settings.live_address, settings.live_port),
        "web": (settings.web_host, settings.web_port),
    }
    wanted = {name: answering[name] for name in settings.own_processes if name in answering}
    due = time.monotonic() + START_SECONDS
    while silent := [name for name, address in wanted.items() if not _answers(address)]:
        if time.monotonic() > due:
            raise CommandFailed(f"{silent[0]} does not answer{_last_words(settings, silent[0])}")
        time.sleep(_POLL_SECONDS)


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=1):
            return True
    except OSError:
        return False


def _last_words(settings: Settings, name: str) -> str:
    log = _log_dir(settings) / f"{name}.log"
    lines = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
    return f"; the end of {log}: " + " / ".join(lines)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
