"""A notice on the screen, and as a file to print; several in one file."""

from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.filters.narrowing import filter_to_go_back_to
from agent_console.house import acting_context
from agent_console.letters import MEDIA_TYPES, Letter, NoFont, as_file, as_one_file
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.seen import seen
from agent_console.supervision.notice import letter_of
from agent_console.supervision.steps import READERS, UNIT
from agent_console.supervision.views import blueprint
from agent_console.tickets.reads import ticket_to_read
from agent_console.words import _, _l
from hotline.supervision.models import SupervisionCase
from hotline.supervision.queries import notice_of
from hotline.viewing.models import What

MOST = 50
_NO_FONT = _l("服务器上没有中文字体（fonts-noto-cjk），不能生成 PDF。请下载 Word 文件，并告诉系统管理员。")
NOTICE = f"/tickets/<number>/supervision/<int(max={LARGEST_ID}):case_id>"


@blueprint.get(NOTICE)
@open_to(*READERS, *UNIT)
def notice(number: str, case_id: int) -> str:
    """The letter as it would be printed."""
    with acting_context().reading() as session:
        letter = _letter(session, number, case_id, What.PAGE)
    return render_template("supervision/notice.html", letter=letter, number=number, case_id=case_id)


@blueprint.get(f"{NOTICE}/<any(docx, pdf):kind>")
@open_to(*READERS, *UNIT)
def notice_file(number: str, case_id: int, kind: str) -> Response:
    """Word or PDF. Where this machine cannot make a PDF, the page says what is missing."""
    with acting_context().reading() as session:
        letter = _letter(session, number, case_id, What.EXPORT)
    try:
        made = as_file(letter, kind)
    except NoFont:
        flash(str(_NO_FONT))
        return redirect(url_for("supervision.notice", number=number, case_id=case_id))
    return send_file(
        BytesIO(made), MEDIA_TYPES[kind], as_attachment=True, download_name=f"{letter.file_name}.{kind}"
    )


@blueprint.post("/supervision/notices")
@open_to(*READERS, *UNIT)
def notices() -> Response:
    """Several in one PDF, in the order of the list, for one print; each counts as taken out."""
    back = "supervision.listed" if current_user.has(*READERS) else "supervision.unit"
    to_list = redirect(url_for(back, **filter_to_go_back_to()))
    ids = request.form.getlist("case", type=row_id)
    if not ids or len(ids) > MOST:
        flash(_("请先选择有文号的督办件，一次最多 %(most)d 件。", most=MOST))
        return to_list
    try:
        with acting_context().reading() as session:
            letters = [_letter_of_case(session, case_id) for case_id in dict.fromkeys(ids)]
        made = as_one_file(letters)
    except (NotFound, Forbidden):
        flash(_("选中的督办件里有的已经不能打开，没有生成文件。请刷新后重新选择。"))
        return to_list
    except NoFont:
        flash(str(_NO_FONT))
        return to_list
    name = _("督办通知单 %(count)d 份", count=len(letters))
    return send_file(BytesIO(made), MEDIA_TYPES["pdf"], as_attachment=True, download_name=f"{name}.pdf")


def _letter_of_case(session: Session, case_id: int) -> Letter:
    case = session.get(SupervisionCase, case_id)
    if case is None:
        abort(404)
    return _letter(session, case.ticket.number or "", case_id, What.EXPORT)


def _letter(session: Session, number: str, case_id: int, what: What) -> Letter:
    """404 where the ticket has no such notice, 403 for departments that it does not go to."""
    ticket = ticket_to_read(session, number)
    case = notice_of(session, ticket.id, case_id)
    if case is None:
        abort(404)
    if not current_user.has(*READERS) and case.department_id != current_user.actor.department_id:
        abort(403)
    seen(ticket, what)
    return letter_of(session, case)
