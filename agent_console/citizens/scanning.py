"""Where a printed QR code leads. The scan is counted by place and day; of whoever scanned nothing is kept.

A scan counts where a person seems to have opened it: not what only asks for headers or loads ahead, not
programs that say what they are, and a telephone once a day for one code (a cookie that holds the day alone).
What the browser calls itself is looked at here and written nowhere (decision 0069).
"""

import re
from datetime import timedelta

import structlog
from flask import redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from agent_console.access import open_to_all
from agent_console.citizens.policies import blueprint, nothing_there, today
from agent_console.citizens.shown import Page
from agent_console.house import house
from agent_console.words import _
from hotline.knowledge import places

log = structlog.get_logger()

COOKIE = "scanned"
_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|externalhit|preview|curl/|wget/|python|headless", re.I
)


@blueprint.get("/p/<code>")
@open_to_all
def scan(code: str) -> Page:
    """On to the entry's page."""
    with house().context.reading() as session:
        place = places.place_of(session, code)
        policy = place.entry.public_code if place is not None else None
    if place is None or policy is None:
        words = _("这个二维码不是我们发出的，或者印坏了。请在下面查找，或拨打热线。")
        return nothing_there(_("认不出这个二维码"), words, 404)
    if place.retired_at is not None:
        words = _("这张二维码已经停用。您要看的内容可能还在，请点下面的链接，或拨打热线。")
        return nothing_there(_("二维码已停用"), words, 410, policy)
    answer = redirect(url_for("policies.policy", code=policy))
    return _counted(answer, place.id) if _is_a_person() else answer


def _is_a_person() -> bool:
    ahead = {"Sec-Purpose", "Purpose", "X-Moz"} & {name for name, _value in request.headers}
    program = request.headers.get("User-Agent", "")
    seen_today = request.cookies.get(COOKIE) == today().isoformat()
    return request.method == "GET" and not ahead and not seen_today and _is_a_browser(program)


def _is_a_browser(program: str) -> bool:
    """Whether it does not say that it is something else; what says nothing at all is none."""
    return bool(program) and not _PROGRAMS.search(program)


def _counted(answer: Response, place_id: int) -> Response:
    try:
        places.count_scan(house().context, place_id, request.remote_addr or "")
    except SQLAlchemyError as error:  # whoever stands before the poster reads the page all the same
        log.error("scan not counted", error=type(error).__name__)
    answer.set_cookie(
        COOKIE,
        today().isoformat(),
        max_age=timedelta(days=1),
        path=request.path,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer
