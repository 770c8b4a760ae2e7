"""Refusals and failures in plain words. No page ever shows an exception's own text."""

import os
from traceback import extract_tb

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from agent_console.citizens.look import BLUEPRINTS as CITIZENS
from agent_console.refusals import explain
from agent_console.words import _
from hotline.config import PROJECT_ROOT
from hotline.people.actors import NotPermitted
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.rows import NoSuchTicket

log = structlog.get_logger()

_OURS = f"{PROJECT_ROOT}{os.sep}"


def install(app: Flask) -> None:
    """Register what is shown when something cannot be shown."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(NotPermitted, _forbidden)
    app.register_error_handler(NoSuchTicket, _not_found)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IllegalMove, _illegal_move)
    app.register_error_handler(Exception, _failure)


def _page(status: int, title: str, text: str) -> tuple[str, int]:
    template = "errors/part.html" if request.headers.get("HX-Request") else "errors/page.html"
    if request.blueprint in CITIZENS:
        template = "citizens/problem.html"
    return render_template(template, status=status, title=title, text=text), status


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    words = {
        403: (_("这里不向您开放"), _("您的岗位没有这一页的权限。如果工作需要，请联系系统管理员。")),
        404: (_("没有找到"), _("地址不对，或者这一件已不在这里。可以按工单编号搜索。")),
        405: (_("不能这样打开"), _("请从页面上的按钮进入。")),
        409: (_("现在不能做这一步"), _("您的账号没有分机，不能接电话。请联系系统管理员。")),
        413: (_("内容太大"), _("请缩短文字，或者减少、缩小文件后再提交。")),
    }
    if error.code is None or error.code < 400:
        return error
    title, text = words.get(error.code, (_("请求没有被接受"), _("请返回上一页再试一次。")))
    return _page(error.code, title, text)


def _csrf_error(error: CSRFError) -> tuple[str, int]:
    return _page(400, _("页面已过期"), _("您可能已在别处退出。请刷新页面后再提交。"))


def _forbidden(error: NotPermitted) -> tuple[str, int]:
    return _page(403, _("这里不向您开放"), _("您的岗位不能做这一步。"))


def _not_found(error: NoSuchTicket) -> tuple[str, int]:
    return _page(404, _("没有找到"), _("没有这件工单。请核对工单编号。"))


def _stale(error: StaleDataError) -> tuple[str, int]:
    return _page(409, _("别人刚刚改过"), _("这件工单在您提交之前已有变动。请刷新页面，看过新内容后再做。"))


def _illegal_move(error: IllegalMove) -> tuple[str, int]:
    return _page(409, _("现在不能做这一步"), explain(error))


def _failure(error: Exception) -> tuple[str, int]:
    # Never the message: it may hold a citizen's words.
    log.error(
        "request failed",
        endpoint=request.endpoint,
        error=type(error).__name__,
        code=_code_of_database(error),
        place=_place(error),
    )
    return _page(500, _("出了故障"), _("刚才的操作没有完成。请稍后再试；如果仍然不行，请联系系统管理员。"))


def _code_of_database(error: Exception) -> str:
    """What SQLite or PostgreSQL calls it: `SQLITE_BUSY`, `40001`; empty for what is no error of theirs."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""


def _place(error: Exception) -> str:
    """The innermost line of ours that it went through."""
    places = [(frame.filename, frame.lineno) for frame in extract_tb(error.__traceback__)]
    ours = [place for place in places if place[0].startswith(_OURS) and "site-packages" not in place[0]]
    return f"{ours[-1][0].removeprefix(_OURS)}:{ours[-1][1]}" if ours else ""
