"""Orders of supervisors from the live board, and the audit log. An agent may give none of them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.browser_phone import account_of_page
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.monitoring.forms import MoveForm, ReasonForm
from agent_console.monitoring.labels import (
    DEEDS,
    MODE_HINTS,
    MODE_ICONS,
    MODES,
    NOBODY_TO_WHISPER_TO,
    PLACES,
    SESSION_ENDS,
    explain_monitoring,
)
from agent_console.monitoring.reads import bar_of
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.words import _
from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import TelephoneAway
from hotline.calls.queries import board
from hotline.calls.seats import UnknownSeat
from hotline.monitoring import floor, service
from hotline.monitoring.models import Deed, Mode
from hotline.monitoring.queries import AuditFilter, actors, audit_page, session_page
from hotline.monitoring.rules import MonitoringRefused
from hotline.people.actors import Role
from hotline.people.models import Department
from hotline.people.queries import all_departments
from hotline.queueing.queries import skills

blueprint = Blueprint("monitoring", __name__)

CALL = f"<int(max={LARGEST_ID}):call_id>"
SEAT = "<string(maxlength=10):extension>"
AUDIT_ROLES = (Role.SUPERVISOR, Role.AUDITOR)
LAST_PAGE = 10_000

Answer = str | tuple[str, int]


@blueprint.get("/board/phone")
@open_to(Role.SUPERVISOR)
def phone() -> Response:
    """The SIP account of the supervisor's seat, for a browser phone on the board; 404 without a seat."""
    return account_of_page()


@blueprint.get("/board/bar")
@open_to(Role.SUPERVISOR)
def bar() -> str:
    """The supervisor's own telephone and session."""
    return _bar()


@blueprint.post(f"/board/calls/{CALL}/supervise")
@open_to(Role.SUPERVISOR)
def supervise(call_id: int) -> Answer:
    """Listen, whisper, barge in or take over."""
    mode = request.form.get("mode", "")
    if mode not in set(Mode):
        return _bar(_("请选择监听、耳语、插话或接管。")), 422
    return _obey(lambda: service.supervise(acting_context(), house().call_control, call_id, Mode(mode)))


@blueprint.post("/board/stop")
@open_to(Role.SUPERVISOR)
def stop() -> Answer:
    """Leave the call."""
    return _obey(lambda: service.stop(acting_context(), house().call_control))


@blueprint.route(f"/board/calls/{CALL}/move", methods=["GET", "POST"])
@open_to(Role.SUPERVISOR)
def move(call_id: int) -> Answer | Response:
    """Move a waiting caller: the dialog, and what was chosen in it."""
    form = MoveForm()
    with acting_context().reading() as session:
        lines = [(one.code, one.name_en if is_english() else one.name_zh) for one in skills(session)]
        free = [_seat_choice(seat) for seat in board(session).seats if _is_free(seat)]
    form.offer([("", _("普通线")), *lines], free or [("", _("没有空闲的坐席"))])

    def act() -> None:
        floor.move_caller(
            acting_context(), house().call_control, call_id, form.place(), form.reason.data or ""
        )

    return _dialog("monitoring/move.html", form, act)


@blueprint.route(f"/board/calls/{CALL}/end", methods=["GET", "POST"])
@open_to(Role.SUPERVISOR)
def end(call_id: int) -> Answer | Response:
    """End a call, for a reason."""
    form = ReasonForm()

    def act() -> None:
        floor.end_call(acting_context(), house().call_control, call_id, form.reason.data or "")

    words = _("结束通话"), _("市民的电话会立即挂断。还在排队的市民，我们欠一次回电。")
    return _dialog("monitoring/reason.html", form, act, words=words)


@blueprint.route(f"/board/seats/{SEAT}/pause", methods=["GET", "POST"])
@open_to(Role.SUPERVISOR)
def pause_seat(extension: str) -> Answer | Response:
    """Pause a seat, for a reason."""
    form = ReasonForm()

    def act() -> None:
        floor.pause_seat(acting_context(), house().call_control, extension, form.reason.data or "")

    words = (
        _("暂停坐席 %(seat)s", seat=extension),
        _("不再派来电，直到接线员自己恢复就绪。正在进行的通话不受影响。"),
    )
    return _dialog("monitoring/reason.html", form, act, words=words)


@blueprint.route(f"/board/seats/{SEAT}/sign-off", methods=["GET", "POST"])
@open_to(Role.SUPERVISOR)
def sign_off_seat(extension: str) -> Answer | Response:
    """Take a seat out of the queues, for a reason."""
    form = ReasonForm()

    def act() -> None:
        floor.sign_off_seat(acting_context(), house().call_control, extension, form.reason.data or "")

    words = (
        _("坐席 %(seat)s 下线", seat=extension),
        _("坐席退出排队，网页电话下线，接线员重新登录后才能再接。正在进行的通话不受影响。"),
    )
    return _dialog("monitoring/reason.html", form, act, words=words)


@blueprint.get("/audit")
@open_to(*AUDIT_ROLES)
def audit() -> str:
    """Who did what to whom, when and why, the newest first."""
    wanted = AuditFilter(
        actor_id=request.args.get("who", type=row_id),
        deed=request.args.get("deed", type=Deed),
        since=_midnight(request.args.get("from", type=date.fromisoformat)),
        before=_midnight(request.args.get("until", type=date.fromisoformat), days=1),
    )
    with acting_context().reading() as session:
        return render_template(
            "monitoring/audit.html",
            page=audit_page(session, wanted, _page_number()),
            wanted=wanted,
            actors=actors(session),
            deeds=DEEDS,
            places=PLACES,
            units={one.code: _name(one) for one in all_departments(session)},
            kept={
                name: request.args[name] for name in ("who", "deed", "from", "until") if name in request.args
            },
        )


@blueprint.get("/audit/sessions")
@open_to(*AUDIT_ROLES)
def sessions() -> str:
    """Who was with which call, from when until when."""
    with acting_context().reading() as session:
        page = session_page(session, _page_number())
        return render_template("monitoring/sessions.html", page=page, modes=MODES, ends=SESSION_ENDS)


def _name(unit: Department) -> str:
    return unit.name_en if is_english() else unit.name_zh


def _page_number() -> int:
    return min(request.args.get("page", 1, type=row_id), LAST_PAGE)


def _obey(act: Callable[[], object]) -> Answer:
    """The bar as it is afterwards; a refusal is said in it."""
    try:
        act()
    except MonitoringRefused as refusal:
        return _bar(explain_monitoring(refusal)), 409
    except TelephoneAway as away:
        return _bar(explain(away)), 409
    return _bar()


def _bar(problem: str = "") -> str:
    with acting_context().reading() as session:
        return render_template(
            "monitoring/bar.html",
            bar=bar_of(session, current_user.user_id),
            problem=problem,
            modes=MODES,
            mode_hints=MODE_HINTS,
            mode_icons=MODE_ICONS,
            nobody_to_whisper_to=NOBODY_TO_WHISPER_TO,
        )


def _dialog(
    template: str, form: ReasonForm, act: Callable[[], None], words: tuple[str, str] = ("", "")
) -> Answer | Response:
    """A dialog of the board. 204 once it is done; until then the form, with what is wrong."""

    def shown(problem: str = "") -> str:
        return render_template(template, form=form, problem=problem, words=words)

    if request.method == "GET":
        return shown()
    if not form.validate():
        return shown(), 422
    try:
        act()
    except MonitoringRefused as refusal:
        return shown(explain_monitoring(refusal)), 409
    except TelephoneAway as away:
        return shown(explain(away)), 409
    except UnknownSeat:
        return shown(_("没有这个坐席，请刷新页面。")), 409
    return Response(status=204)


def _is_free(seat: Seat) -> bool:
    return seat.state is SeatState.READY and seat.registered


def _seat_choice(seat: Seat) -> tuple[str, str]:
    return seat.extension, f"{seat.user.display_name} {seat.extension}"


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """When the day, or one later, begins on the city's clock."""
    if day is None:
        return None
    zone = house().context.settings.zone
    return datetime.combine(day, time(0), zone) + timedelta(days=days)
