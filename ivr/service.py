"""The process `hotline ivr`: scripts, the reader of AMI with its consumer, and the reconciler."""

import threading
from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy.exc import OperationalError

from hotline.calls.machines import Closing, Lookout, pbx_seen
from hotline.context import Context
from hotline.follow_up.spoken import Listener
from hotline.queueing.queries import memberships
from ivr.accounts import AccountKeeper
from ivr.agi.callback import CallbackWanted
from ivr.agi.follow_up import FollowUpScript
from ivr.agi.intake import Intake
from ivr.agi.progress import Progress
from ivr.agi.satisfaction import SatisfactionScript
from ivr.agi.server import AgiServer
from ivr.agi.slower import Slower
from ivr.ami.client import AmiError, Packet, Timings
from ivr.ami.events import is_wanted
from ivr.ami.feed import Feed
from ivr.ami.link import AmiLink
from ivr.bans import Bans
from ivr.certificate_keeper import CertificateKeeper
from ivr.control import AmiCallControl, ami_account
from ivr.control.closing import closing
from ivr.events import Consumer
from ivr.handlers.broken_legs import BrokenLegs
from ivr.handlers.callbacks import Callbacks
from ivr.handlers.callers import Callers
from ivr.handlers.duty import Duty
from ivr.handlers.follow_ups import FollowUps
from ivr.handlers.intruders import Intruders
from ivr.handlers.lines import SkillLines
from ivr.handlers.seats import Seats
from ivr.handlers.supervisors import Supervisors
from ivr.handlers.talks import Talks
from ivr.handlers.turn import Handles
from ivr.leg_watch import LegWatch
from ivr.pbx import add_seats, write_numbers
from ivr.plan_keeper import PlanKeeper
from ivr.prompts import PromptKeeper
from ivr.reconcile import Reconciler
from ivr.resync import Resync

LIFE_SECONDS = 3.0

_log = structlog.get_logger(__name__)


class PortTaken(OSError):
    """Another program listens where the scripts should."""


def run(
    context: Context, stop: threading.Event, timings: Timings | None = None, listener: Listener | None = None
) -> None:
    """Serve until `stop`. Raises `PortTaken` before anything has begun.

    listener: understands what citizens answer in a follow-up; without one they press keys.
    """
    scripts = _scripts(context, listener)
    control = AmiCallControl(context.settings, timings, memberships(context))
    feed, seats, reconciler = Feed(), Seats(context, control), Reconciler(context)
    link = _link(context, feed, timings)
    accounts = AccountKeeper(context, link, partial(add_seats, context.settings))
    plan_keeper = PlanKeeper(
        context,
        partial(write_numbers, context.settings),
        partial(link.ask, "Reload", {"Module": "pbx_config"}),
    )
    bans = Bans(context.settings, link, context.now)
    certificates = CertificateKeeper(context.settings, link)
    talks = Talks(control, link)
    resync = Resync(context, link, seats, reconciler, talks)
    lines = SkillLines(context, control, partial(link.ask, "QueueReload"))
    watch = LegWatch(link)
    handlers: list[Handles] = [
        Callers(reconciler.nudge, control),
        FollowUps(),
        Intruders(context.settings.bad_registrations, bans.ban),
        Duty(),
        seats,
        Supervisors(control),
        talks,
        BrokenLegs(watch, control),
        lines,
        Callbacks(),
    ]
    consumer = Consumer(context, feed, handlers, partial(_all, resync, lines.refresh))
    threads = [
        threading.Thread(target=consumer.run, args=(stop,), name="consumer"),
        threading.Thread(target=reconciler.run, args=(stop,), name="reconciler"),
        threading.Thread(target=watch.run, args=(stop,), name="leg-watch"),
        threading.Thread(target=accounts.run, args=(stop,), name="accounts"),
        threading.Thread(target=plan_keeper.run, args=(stop,), name="plan-keeper"),
        threading.Thread(target=bans.run, args=(stop,), name="bans"),
        threading.Thread(target=certificates.run, args=(stop,), name="certificates"),
        threading.Thread(target=PromptKeeper(context).run, args=(stop,), name="prompts"),
    ]
    scripts.start()
    link.start()
    threads.append(threading.Thread(target=_tell_signs_of_life, args=(context, link, stop), name="life"))
    for thread in threads:
        thread.start()
    _log.info("ivr.running", agi_port=scripts.port)
    stop.wait()
    scripts.stop()
    link.stop()
    reconciler.nudge()
    for thread in threads:
        thread.join()
    reconciler.close()
    _log.info("ivr.stopped")


def _all(*acts: Callable[[], object]) -> None:
    for act in acts:
        act()


def _tell_signs_of_life(context: Context, link: AmiLink, stop: threading.Event) -> None:
    """Say every few seconds how Asterisk does, and look out for the other machines' ones."""
    lookout = Lookout(context)
    while not stop.is_set():
        try:
            pbx_seen(context, link.wait_connected(0), _closing(link))
            lookout.give_up_lost()
        except OperationalError as error:
            _log.error("ivr.no_sign_of_life", error=type(error).__name__)
        stop.wait(LIFE_SECONDS)


def _closing(link: AmiLink) -> Closing | None:
    try:
        return closing(link)
    except AmiError:  # it is away, and nobody waits for it
        return None


def _scripts(context: Context, listener: Listener | None) -> AgiServer:
    port = context.settings.agi_port
    try:
        return AgiServer(
            ("127.0.0.1", port),
            [
                Intake(context),
                FollowUpScript(context, listener=listener),
                SatisfactionScript(context),
                Progress(context),
                CallbackWanted(context),
                Slower(context),
            ],
        )
    except OSError as error:
        raise PortTaken(f"port {port} for the scripts (HOTLINE_AGI_PORT): {error.strerror}") from error


def _link(context: Context, feed: Feed, timings: Timings | None) -> AmiLink:
    def enqueue(packet: Packet) -> None:
        if is_wanted(packet) and not packet.get("ActionID").startswith("minsheng-"):
            feed.put(packet)

    return AmiLink(ami_account(context.settings), enqueue, lambda: feed.ask_resync("connected"), timings)
