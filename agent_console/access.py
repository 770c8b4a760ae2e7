"""Who may open what. Deny by default: a view that says nothing about access is closed to everybody.

A view says `@open_to_all` or `@open_to(Role...)`; a test walks the whole URL map for views that say nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from agent_console.house import house
from hotline.people.actors import Actor, Role
from hotline.people.models import User
from hotline.people.queries import user_by_id
from hotline.viewing.queries import unmasked_tickets

View = TypeVar("View", bound=Callable[..., Any])

_OPEN = "_open_to_all"
_ROLES = "_open_to_roles"
EVERYBODY = frozenset(Role) - {Role.SYSTEM, Role.CITIZEN}
STATIC = "static"


class SignedIn(UserMixin):
    """The person behind a request, as Flask-Login wants one."""

    def __init__(self, user: User, unmasked: frozenset[int] = frozenset()) -> None:
        self.id = str(user.id)
        self.user_id = user.id
        self.actor: Actor = replace(user.actor(), unmasked=unmasked)
        self.name = user.display_name
        self.department = user.department.name_zh
        self.department_en = user.department.name_en
        self.extension = user.extension
        self.language = user.language

    def has(self, *roles: Role) -> bool:
        """Whether they hold one of the roles."""
        return self.actor.has(*roles)


def open_to_all(view: View) -> View:
    """Mark a view that needs no sign-in."""
    setattr(view, _OPEN, True)
    return view


def open_to(*roles: Role) -> Callable[[View], View]:
    """Mark a view for people who hold one of the roles; none named means everybody who is signed in."""

    def mark(view: View) -> View:
        setattr(view, _ROLES, frozenset(roles) or EVERYBODY)
        return view

    return mark


def says_who_may(view: Callable[..., Any]) -> bool:
    """Whether the view is marked at all."""
    return hasattr(view, _OPEN) or hasattr(view, _ROLES)


def install(app: Flask) -> None:
    """Load the signed-in person and guard every request."""
    manager = LoginManager(app)
    manager.user_loader(_load_user)
    app.before_request(_guard)


def _load_user(user_id: str) -> SignedIn | None:
    with house().context.reading() as session:
        user = user_by_id(session, int(user_id))
        if user is None:
            return None
        return SignedIn(user, unmasked_tickets(session, user.actor(), house().context.now()))


def _guard() -> BaseResponse | None:
    if any("\x00" in text for text in (request.path, *request.values.values())):
        abort(400)  # no text of a person holds it, and PostgreSQL keeps none
    if request.endpoint in (None, STATIC):
        return None  # unknown addresses become 404, static files hold nothing of anybody
    view = current_app.view_functions[str(request.endpoint)]
    if hasattr(view, _OPEN):
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if not current_user.has(*getattr(view, _ROLES, ())):
        abort(403)
    return None


def _to_sign_in() -> BaseResponse:
    if request.authorization:  # a program, which has no use for a page
        return Response(status=401)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("people.sign_in")})
    if request.method != "GET":
        return redirect(url_for("people.sign_in"))
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
