"""A notice on the screen, and as a file to print."""

from io import BytesIO

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.letters import MEDIA_TYPES, Letter, NoFont, as_file
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.supervision.notice import letter_of
from agent_console.supervision.steps import READERS, UNIT
from agent_console.supervision.views import blueprint
from agent_console.tickets.reads import ticket_to_read
from agent_console.words import _
from hotline.supervision.queries import notice_of
from hotline.viewing.models import What

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
        flash(_("服务器上没有中文字体（fonts-noto-cjk），不能生成 PDF。请下载 Word 文件，并告诉系统管理员。"))
        return redirect(url_for("supervision.notice", number=number, case_id=case_id))
    return send_file(
        BytesIO(made), MEDIA_TYPES[kind], as_attachment=True, download_name=f"{letter.file_name}.{kind}"
    )


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
