"""gunicorn around the console: one worker process with many threads, since each open page holds one."""

from functools import partial
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from agent_console.app import create_app
from hotline.cli.check import for_console
from hotline.cli.memory import keep_what_is_loaded
from hotline.config import Settings
from hotline.context import Context
from hotline.queueing.queries import memberships
from ivr.control import AmiCallControl
from ivr.prompts import Studio
from recordings.tracks import Spool


def console(settings: Settings) -> Flask:
    """The console wired to the configured database and PBX."""
    context = Context.of(settings)
    control = AmiCallControl(settings, queues_of=memberships(context))
    return create_app(context, control, Studio(settings), Spool.of(settings), partial(for_console, settings))


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, settings: Settings, threads: int) -> None:
        self._settings, self._threads = settings, threads
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._settings.web_host}:{self._settings.web_port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._threads,
            "graceful_timeout": 2,
            "control_socket_disable": True,
            "accesslog": None,
            "proc_name": "minsheng-web",
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        app = console(self._settings)
        keep_what_is_loaded()
        return app


def serve(settings: Settings, threads: int) -> None:
    """Serve until SIGTERM."""
    _Server(settings, threads).run()
