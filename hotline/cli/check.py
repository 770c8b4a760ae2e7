"""`hotline check`: what is wrong with this installation, and how to mend it. Changes nothing."""

import http.client
import os
import shutil
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from hotline.checking import Finding
from hotline.cli import up
from hotline.config import FILE_VARIABLE, Settings
from hotline.database import Database, alembic_config
from hotline.deadlines.calendar import ChineseCalendar, WorkingCalendar, unknown_year
from hotline.line_security.service import open_alarms
from hotline.setting_errors import SettingsError

LEAST_FREE_BYTES = 2 * 1024**3  # twelve hours of talk: three tracks of 16 kB/s each
CONSOLE_SECONDS = 5.0
# Program and the Debian package that brings it.
PROGRAMS = {"bwrap": "bubblewrap", "espeak-ng": "espeak-ng", "sox": "sox"}
_SETUP = "run: hotline setup"


def told_mark(finding: Finding) -> str:
    """What stands before a finding."""
    if not finding.ok:
        return click.style("WRONG", fg="red")
    return click.style("soon ", fg="yellow") if finding.mend else click.style("ok   ", fg="green")


def report(settings: Settings) -> int:
    """Print every finding as it comes. Returns the exit status: 1 if something is wrong."""
    wrong = 0
    for finding in run_checks(settings):
        click.echo(f"{told_mark(finding)} {finding.name}: {finding.what}")
        wrong += not finding.ok
        if finding.mend:
            click.echo(f"      to mend it: {finding.mend}")
    click.echo("Everything is in order." if not wrong else f"{wrong} of these to mend.")
    return 1 if wrong else 0


def run_checks(settings: Settings, least_free_bytes: int = LEAST_FREE_BYTES) -> Iterator[Finding]:
    """Look at one thing after another."""
    yield from _standing(settings, least_free_bytes, model)
    yield holidays(datetime.now(settings.zone).date())
    yield from running(settings) if up.is_up(settings) else ports(settings)


def for_console(settings: Settings) -> list[Finding]:
    """What the administrator's page shows, which tells of holidays itself.

    No speech model is loaded into the console's memory, and the console does not ask itself.
    """
    return [
        *_standing(settings, LEAST_FREE_BYTES, model_folders),
        *_processes(settings),
        *exchanges(settings),
    ]


def _standing(
    settings: Settings, least_free_bytes: int, model_check: Callable[[Settings], Finding]
) -> Iterator[Finding]:
    """What holds whether or not the hotline runs."""
    yield configuration(settings)
    for name, folder in (("state folder", settings.state_dir), ("spool folder", settings.spool_dir)):
        yield writable(name, folder)
        yield free_space(f"disk of the {name}", folder, least_free_bytes)
    checks: tuple[Callable[[Settings], Finding], ...] = (
        database,
        pbx,
        prompts,
        model_check,
        recording_keys,
    )
    for check in checks:
        yield check(settings)
    if settings.mailbox_host or settings.smtp_host:
        from hotline.cli.mail_check import mail

        yield from mail(settings)
    yield from programs()
    yield front_end()
    yield from line(settings)


def configuration(settings: Settings) -> Finding:
    """Settings were valid, or nobody would have come here; their secrets can be read."""
    source = Path(os.environ.get(FILE_VARIABLE, "hotline.toml"))
    told = f"environment and {source.absolute()}" if source.is_file() else "environment and defaults"
    if not (settings.state_dir / "secrets.toml").exists():
        return Finding("configuration", ok=True, what=f"{told}; secrets are made at the first start")
    try:
        _ = settings.secrets
    except SettingsError as error:
        return Finding(
            "configuration", False, str(error), "restore the file, or remove it to have new secrets"
        )
    return Finding("configuration", ok=True, what=told)


def writable(name: str, folder: Path) -> Finding:
    """A file can be made in the folder, or where the folder will be made."""
    place = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        mend = (
            f"make {place} a folder that this user can write to, or set HOTLINE_STATE_DIR, HOTLINE_SPOOL_DIR"
        )
        return Finding(name, False, f"{place} cannot be written to ({error.strerror})", mend)
    return Finding(name, ok=True, what=str(folder))


def free_space(name: str, folder: Path, least_bytes: int = LEAST_FREE_BYTES) -> Finding:
    """The disk has room for calls."""
    free = shutil.disk_usage(_existing(folder)).free
    what = f"{free / 1024**3:.1f} GiB free"
    if free >= least_bytes:
        return Finding(name, ok=True, what=what)
    wanted = f"{least_bytes / 1024**3:.1f} GiB"
    return Finding(name, False, f"only {what}, {wanted} are wanted", f"free some space for {folder}")


def database(settings: Settings) -> Finding:
    """The database answers and its tables are those of this version."""
    url = make_url(settings.database)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return Finding("database", False, f"{shown} does not exist yet", _SETUP)
    opened = Database(settings.database)
    try:
        with opened.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        mend = "start it, and look at HOTLINE_DATABASE_URL"
        return Finding("database", False, f"{shown} does not answer ({type(error).__name__})", mend)
    finally:
        opened.dispose()
    head = ScriptDirectory.from_config(alembic_config(settings.database)).get_current_head()
    if current != head:
        return Finding("database", False, f"{shown} is at revision {current}, not {head}", _SETUP)
    return Finding("database", ok=True, what=f"{shown} at revision {head}")


def pbx(settings: Settings) -> Finding:
    """There is an Asterisk to run."""
    from ivr.pbx import locate

    found = locate(settings.cache_dir)
    if found is None:
        return Finding("PBX", False, f"no Asterisk here, nor in {settings.cache_dir}", _SETUP)
    place = found.root or "this machine"
    warning = f"; {found.warning}" if found.warning else ""
    return Finding("PBX", ok=True, what=f"Asterisk {found.version} of {place}{warning}")


def prompts(settings: Settings) -> Finding:
    """Every prompt has been spoken in every language."""
    from hotline.prompts.texts import LANGUAGES, prompt_texts
    from ivr.prompts import sounds_folder

    wanted = [f"{language}/{name}" for language in LANGUAGES for name in prompt_texts(language)]
    missing = [name for name in wanted if not (sounds_folder(settings) / f"{name}.wav").is_file()]
    if missing:
        return Finding("prompts", False, f"not spoken yet: {', '.join(missing[:5])}", _SETUP)
    return Finding("prompts", ok=True, what=f"{len(wanted)} spoken")


def model(settings: Settings) -> Finding:
    """The speech model is one, and Vosk loads it."""
    from recordings.recogniser import Recogniser

    return _models(settings, lambda path: (one := Recogniser(path)).name + f", {one.rate} Hz")


def model_folders(settings: Settings) -> Finding:
    """The speech model looks complete; it is not loaded."""
    from recordings.model_folder import ModelFolder

    return _models(settings, lambda path: (one := ModelFolder.check(path)).name + f", {one.rate} Hz")


def _models(settings: Settings, look: Callable[[Path], str]) -> Finding:
    from recordings.model_folder import NotAVoskModel

    try:
        seen = [look(path) for path in (settings.vosk_model, *settings.vosk_models.values())]
    except NotAVoskModel as error:
        mend = "set HOTLINE_VOSK_MODEL, HOTLINE_VOSK_MODELS to folders of unpacked Vosk models"
        return Finding("speech model", False, str(error), mend)
    return Finding("speech model", ok=True, what=", ".join(seen))


def recording_keys(settings: Settings) -> Finding:
    """Recordings can be encrypted, if they are to be."""
    from recordings.keys import load_keys

    try:
        count = len(load_keys(settings.recording_key_file))
    except SettingsError as error:
        return Finding("recording keys", False, str(error), "see docs/recordings.md")
    what = f"{count} in {settings.recording_key_file}" if count else "none: recordings are not encrypted"
    return Finding("recording keys", ok=True, what=what)


def holidays(today: date, calendar: WorkingCalendar | None = None) -> Finding:
    """The working-day calendar knows every year that a promise of today may reach."""
    year = unknown_year(calendar or ChineseCalendar(), today)
    if year is None:
        return Finding("holidays", ok=True, what="known for every day that is promised now")
    what = f"those of {year} are not known: Monday to Friday are counted as working days"
    mend = "once the State Council has published them: pip install --upgrade chinesecalendar"
    return Finding("holidays", year > today.year, what, mend)


def programs() -> Iterator[Finding]:
    """The programs that are run are there."""
    for program, package in PROGRAMS.items():
        found = shutil.which(program)
        mend = f"apt-get install {package}"
        yield Finding(program, found is not None, found or "is not installed", "" if found else mend)


def front_end() -> Finding:
    """The console's scripts and styles have been built."""
    from agent_console.build import OUTPUT, STAMP

    if not STAMP.exists():
        return Finding("front end", False, f"is not built into {OUTPUT}", _SETUP)
    return Finding("front end", ok=True, what=str(OUTPUT))


def line(settings: Settings) -> Iterator[Finding]:
    """The certificate is good for a month and in use; nobody waits to be told of an alarm of the line."""
    if settings.uses_tls:
        yield _certificate(settings)
    yield from _alarms(settings)


def _certificate(settings: Settings) -> Finding:
    from ivr.pbx.certificates import RENEW_BEFORE, CertificateError, Certificates

    certificates, mend = Certificates(settings.tls_folder), "run: hotline certificates"
    try:
        until = certificates.expires_at()
    except CertificateError as error:
        return Finding("certificate", False, str(error), mend)
    if until is None:
        return Finding("certificate", False, f"there is none in {settings.tls_folder}", mend)
    if not certificates.fingerprint():
        what = f"{certificates.server} and {certificates.server_key} do not belong together"
        return Finding("certificate", False, what, "put both from the same authority there")
    if _served(settings) not in ("", certificates.fingerprint()):
        what = "the running PBX still shows an older one"
        return Finding(
            "certificate", False, what, "start `hotline run ivr`, which tells it, or restart the PBX"
        )
    soon = until - datetime.now(UTC) < RENEW_BEFORE
    return Finding("certificate", not soon, f"good until {until:%Y-%m-%d}", mend if soon else "")


def _served(settings: Settings) -> str:
    """Fingerprint of the certificate that the running PBX shows; empty where none runs."""
    port = settings.websocket_tls_port or settings.sip_tls_port or 5061
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # whatever it is, it is looked at
    try:
        with (
            socket.create_connection((settings.sip_host, port), CONSOLE_SECONDS) as line,
            context.wrap_socket(line) as encrypted,
        ):
            return sha256(encrypted.getpeercert(binary_form=True) or b"").hexdigest()
    except OSError:
        return ""


def _alarms(settings: Settings) -> Iterator[Finding]:
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return
    opened = Database(settings.database)
    try:
        with opened.reading() as session:
            alarms = open_alarms(session)
    except SQLAlchemyError:  # told of by `database`
        return
    finally:
        opened.dispose()
    for alarm in alarms:
        what = f"{alarm.kind.value.replace('_', ' ')}, {alarm.subject}, {alarm.count} times"
        mend = "see docs/security.md, then mark it in the console (骚扰来电, 线路警报)"
        yield Finding("alarm of the line", False, what, mend)


def ports(settings: Settings) -> Iterator[Finding]:
    """While nothing runs, the ports that will be wanted are free."""
    from ivr.pbx import ports_in_use

    complaints = ports_in_use(settings)
    for complaint in complaints:
        what, _, mend = complaint.partition(": ")
        yield Finding("ports", False, what, f"stop the program that holds it, or {mend}")
    if not complaints:
        yield Finding("ports", ok=True, what="all free; Minsheng is not running")


def running(settings: Settings) -> Iterator[Finding]:
    """While the hotline runs it holds the ports itself. Every process is up; a console here answers."""
    yield from _processes(settings)
    yield from exchanges(settings)
    if "web" in settings.own_processes:
        yield console(settings)
    if "live" in settings.own_processes:
        yield live_text(settings)


def _processes(settings: Settings) -> Iterator[Finding]:
    for process in up.states(settings):
        log = settings.state_dir / "log" / f"{process.name}.log"
        well = process.state == "RUNNING"
        yield Finding(
            f"process {process.name}",
            well,
            f"{process.state.lower()}, {process.description}",
            "" if well else f"read {log}",
        )


def exchanges(settings: Settings) -> Iterator[Finding]:
    """Where there are several, every Asterisk takes orders from this machine: one that does not would be left
    out in silence, and whoever calls there would wait for agents who are never told to it."""
    from ivr.ami.client import AmiError, AmiRefused
    from ivr.control.orders import logged_in

    for pbx in settings.pbxs:
        name = f"exchange {pbx.name}"
        try:
            with logged_in(settings, pbx):
                yield Finding(name, ok=True, what=f"takes orders at {pbx.host}:{pbx.ami_port}")
        except AmiRefused:
            mend = "the same secrets.toml on both machines, and this one in the other's HOTLINE_AMI_NETWORKS"
            yield Finding(name, False, f"refuses orders from here at {pbx.host}:{pbx.ami_port}", mend)
        except AmiError:
            mend = "start it; if it runs, HOTLINE_AMI_HOST there, and the firewall in between"
            yield Finding(name, False, f"does not answer at {pbx.host}:{pbx.ami_port}", mend)


def live_text(settings: Settings) -> Finding:
    """`hotline live` answers, and lets no call go for want of cores."""
    from agent_console.live_feed import LiveTextAway, health_of

    try:
        now = health_of(settings)
    except LiveTextAway as error:
        mend = f"read {settings.state_dir / 'log' / 'live.log'}"
        return Finding("live text", False, f"does not answer ({error})", mend)
    what = f"{now.calls} calls followed, {now.busy:.0%} of the cores, {now.lag_s:.1f} s behind"
    if now.shed:
        mend = "more cores or a smaller model; the transcripts of the recordings come whatever happens here"
        return Finding("live text", False, f"{what}; {now.shed} calls are not followed", mend)
    return Finding("live text", ok=True, what=what)


def console(settings: Settings) -> Finding:
    """The console answers a request."""
    connection = http.client.HTTPConnection(settings.web_host, settings.web_port, timeout=CONSOLE_SECONDS)
    mend = f"read {settings.state_dir / 'log' / 'web.log'}"
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        what = f"{settings.console_url} does not answer ({type(error).__name__})"
        return Finding("console", False, what, mend)
    finally:
        connection.close()
    if status >= 500:
        return Finding("console", False, f"{settings.console_url} answers with status {status}", mend)
    return Finding("console", ok=True, what=settings.console_url)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
