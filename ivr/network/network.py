"""The telephone network itself: its Asterisk, and the ways to make something happen in it."""

import os
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hotline.config import Settings
from ivr.network.calls import CallFailed, EndedBy, NetworkCall
from ivr.network.exchange import Exchange
from ivr.network.line import Script
from ivr.pbx import Pbx, PbxError, modules
from ivr.pbx.instance import Instance
from ivr.pbx.process import installed
from ivr.pbx.templates import render_all

PHONES_HOST: Final = "127.0.0.3"
"""Agents' desk phones register from here, citizens call from `settings.trunk_host`."""
_REGISTERING_SECONDS = 90.0
_POLL_SECONDS = 0.02
_NUMBER = re.compile(r"\+?[0-9*#]{1,40}")
_CALLER_ID = re.compile(r"^[^\r\n]{0,255}$")


def can_be_dialled(number: str) -> bool:
    """Whether a telephone can be had at this number, or be called there."""
    return _NUMBER.fullmatch(number) is not None


@dataclass(frozen=True)
class Phone:
    """An agent's desk phone."""

    extension: str
    password: str = field(repr=False)
    calls: list[NetworkCall]
    """Every call that reached it, the newest last."""

    @property
    def answered(self) -> bool:
        """True once the newest call was picked up."""
        return bool(self.calls) and self.calls[-1].answered.is_set()


class TelephoneNetwork:
    """Citizens and agents' phones around the hotline that `settings` describe."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        """`folder` receives configuration and recordings (default: in the state folder)."""
        self._settings = settings
        self._folder = folder or settings.state_dir / "asterisk" / "network"
        self._phones: list[Phone] = []
        self._exchange = Exchange(self._folder / "calls" / f"{time.time_ns()}")
        self._pbx = Pbx(self._prepare())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Warnings and errors of the network's Asterisk."""
        return self._pbx.log

    def control(self, line: str) -> str:
        """Answer of a command on the console of the network's Asterisk."""
        return self._pbx.control(line)

    def start(self) -> None:
        """Start; returns when calls can be made. Raises `PbxError`, also where another one runs already."""
        try:
            self._refuse_a_second()
        except PbxError:
            self._exchange.server_close()
            raise
        threading.Thread(target=self._exchange.serve_forever, name="exchange", daemon=True).start()
        try:
            self._pbx.start()
        except BaseException:
            self._close_exchange()
            raise

    def stop(self) -> None:
        """End all calls and stop."""
        self._pbx.stop()
        self._close_exchange()

    def citizen_calls(
        self, number: str, script: Script, caller_id: str | None = None, ring_seconds: int = 30
    ) -> NetworkCall:
        """A citizen whose number is `number` dials the hotline; `script` begins when the hotline answers.

        `caller_id` replaces the number that the hotline is shown; an empty one shows none.
        """
        return self.dial(self._settings.hotline_number, number, script, caller_id, ring_seconds)

    def dial(
        self, dialled: str, number: str, script: Script, caller_id: str | None = None, ring_seconds: int = 30
    ) -> NetworkCall:
        """As `citizen_calls`, to any number behind the trunk."""
        shown = number if caller_id is None else caller_id
        if not can_be_dialled(dialled) or not _CALLER_ID.match(shown):
            raise ValueError("not a number that can be dialled or shown")
        name, call = self._exchange.place(number, script)
        self._write_call_file(
            name,
            {
                "Channel": f"PJSIP/{dialled}@hotline",
                "CallerID": f"<{shown}>",
                "WaitTime": str(ring_seconds),
                "MaxRetries": "0",
                "Application": "AGI",
                "Data": f"agi://127.0.0.1:{self._exchange.port}/placed,{name}",
                "Archive": "yes",
            },
        )
        self._watch(name, call)
        return call

    def expect_callback(self, number: str, script: Script) -> NetworkCall:
        """The next time the hotline dials `number`, `script` is followed, from the first ring on."""
        return self._exchange.expect(number, script)

    def answers(self, number: str, script: Script) -> list[NetworkCall]:
        """Whenever the hotline dials `number`, `script` is followed; the list returned grows by each call."""
        return self._exchange.answer_always(number, script)

    def agent_phone(self, extension: str, password: str, script: Script) -> Phone:
        """Plug in the desk phone of a seat, registered on return. Every call to it follows `script`."""
        calls = self._exchange.answer_always(f"phone-{extension}", script)
        phone = Phone(extension, password, calls)
        others = [other for other in self._phones if other.extension != extension]
        is_new = len(others) == len(self._phones)
        self._phones = [*others, phone]
        self._render()
        for module in ("res_pjsip.so", "res_pjsip_outbound_registration.so"):
            self._pbx.control(f"module reload {module}")
        if is_new:  # it registers by itself
            self._wait(lambda: self._is_registered(phone), phone)
        elif not self._is_registered(phone):
            self.plug_in_again(phone)
        return phone

    def unplug(self, phone: Phone) -> None:
        """Take a desk phone's registration back, done on return; a call that it is in goes on."""
        self._pbx.control(f"pjsip send unregister desk-{phone.extension}")
        self._wait(lambda: not self._is_registered(phone), phone)

    def plug_in_again(self, phone: Phone) -> None:
        """Register a desk phone anew, registered on return."""
        if self._is_registered(phone):
            self.unplug(phone)  # else it seems to be registered until it is not
        self._pbx.control(f"pjsip send register desk-{phone.extension}")
        self._wait(lambda: self._is_registered(phone), phone)

    def _refuse_a_second(self) -> None:
        """Two at one address would take each other's calls."""
        for host in (self._settings.trunk_host, PHONES_HOST):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind((host, self._settings.trunk_port))
                except OSError as error:
                    raise PbxError(
                        f"the telephone network cannot have {host}:{self._settings.trunk_port} "
                        f"({error.strerror}): end the demo, `hotline caller` or softphone that has it"
                    ) from None

    def _is_registered(self, phone: Phone) -> bool:
        line = re.compile(rf"^\s*desk-{re.escape(phone.extension)}/.*\bRegistered\b", re.MULTILINE)
        return line.search(self._pbx.control("pjsip show registrations")) is not None

    def _wait(self, done: Callable[[], bool], phone: Phone) -> None:
        due = time.monotonic() + _REGISTERING_SECONDS
        while not done():
            if time.monotonic() > due:
                raise CallFailed(f"the phone of seat {phone.extension} could not (un)register")
            time.sleep(_POLL_SECONDS)

    def _prepare(self) -> Instance:
        installation = installed(self._settings)
        readable = [self._settings.tls_folder] if self._settings.uses_tls else []
        instance = Instance.create(self._folder, installation, readable, writable=[])
        self._installation = installation
        self._render()
        return instance

    def _render(self) -> None:
        variables = self._settings.model_dump() | {
            "folder": self._folder,
            "modules_dir": self._installation.modules_dir,
            "modules": modules.present(modules.NETWORK, self._installation),
            "phones_host": PHONES_HOST,
            "phones_tls_port": self._settings.trunk_port,
            "tls_folder": self._settings.tls_folder,
            "script_port": self._exchange.port,
            "phones": self._phones,
        }
        render_all(["shared", "network"], self._folder / "conf", variables)

    def _write_call_file(self, name: str, lines: dict[str, str]) -> None:
        """Asterisk takes a call file up as soon as it appears: it must appear whole."""
        self._archived(name).unlink(missing_ok=True)  # of an earlier network in this folder
        draft = self._folder / "spool" / "tmp" / f"{name}.call"
        draft.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
        os.rename(draft, self._folder / "spool" / "outgoing" / f"{name}.call")

    def _archived(self, name: str) -> Path:
        """Where Asterisk puts a call file once the call is over."""
        return self._folder / "spool" / "outgoing_done" / f"{name}.call"

    def _watch(self, name: str, call: NetworkCall) -> None:
        """A call that is never answered runs no script: Asterisk's archived call file tells."""
        archived = self._archived(name)

        def watch() -> None:
            while not archived.exists():
                if call.began.wait(_POLL_SECONDS):
                    return
            if not call.began.is_set():
                call.ended_by = EndedBy.NOBODY_ANSWERED
                call.ended.set()

        threading.Thread(target=watch, name=f"watch-{name}", daemon=True).start()

    def _close_exchange(self) -> None:
        self._exchange.shutdown()
        self._exchange.server_close()
