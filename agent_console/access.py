"""Who may open what. Deny by default: a view that says nothing about access is closed to everybody.

A view says `@open_to_all` or `@open_to(Role...)`; a test walks the whole URL map for views that say nothing.
Who still has to change a password or set up a second factor, or waits for a role, comes to the views that say
`@serves(...)` alone.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from agent_console.house import house
from hotline.people import sign_ins
from hotline.people.actors import Actor, Role
from hotline.people.duties import Duty, duty_of
from hotline.people.models import SignIn, SignInKind
from hotline.viewing.queries import unmasked_tickets

View = TypeVar("View", bound=Callable[..., Any])

_OPEN = "_open_to_all"
_ROLES = "_open_to_roles"
_DUTY = "_serves_duty"
EVERYBODY = frozenset(Role) - {Role.SYSTEM, Role.CITIZEN}
STATIC = "static"
WALL = "board.wall_live"
DUTY_PAGES = {
    Duty.PASSWORD: "account.password",
    Duty.SECOND_FACTOR: "account.second_factor",
    Duty.ROLE: "account.overview",
}
"""Where people are led who owe something, before anything else."""


class SignedIn(UserMixin):
    """The person behind a request, as Flask-Login wants one."""

    def __init__(self, sign_in: SignIn, token: str, unmasked: frozenset[int] = frozenset()) -> None:
        user = sign_in.user
        self.id = token
        """What Flask-Login keeps in the cookie."""
        self.sign_in_id = sign_in.id
        self.user_id = user.id
        self.actor: Actor = replace(user.actor(), unmasked=unmasked)
        self.name = user.display_name
        self.department = user.department.name_zh
        self.department_en = user.department.name_en
        self.extension = user.extension
        self.language = user.language
        self.duty: Duty | None = duty_of(user, house().context.settings)

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


def serves(*duties: Duty) -> Callable[[View], View]:
    """Mark a view that people may open although they still owe one of these, or any if none is named."""

    def mark(view: View) -> View:
        setattr(view, _DUTY, frozenset(duties or Duty))
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


def _load_user(token: str) -> SignedIn | None:
    context = house().context
    one = sign_ins.found(context, token, SignInKind.BROWSER, _is_used())
    if one is None:
        return None
    with context.reading() as session:
        return SignedIn(one, token, unmasked_tickets(session, one.user.actor(), context.now()))


def _is_used() -> bool:
    """Whether a person does something: opens a page or sends a form. What a page fetches itself is none, but
    nobody touches a wall that everybody reads."""
    if request.endpoint == WALL:
        return True
    opens = "text/html" in request.headers.get("Accept", "") and not request.headers.get("HX-Request")
    return opens or request.method != "GET"


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
    roles: frozenset[Role] = getattr(view, _ROLES, frozenset())
    duty = current_user.duty
    if duty is not None and duty not in getattr(view, _DUTY, ()):
        return _elsewhere(DUTY_PAGES[duty]) or redirect(url_for(DUTY_PAGES[duty]))
    waits = duty is Duty.ROLE and roles == EVERYBODY
    if not waits and not current_user.has(*roles):
        abort(403)
    return None


def _elsewhere(endpoint: str) -> BaseResponse | None:
    """What a program and a part of a page are told when their person has to go elsewhere; None for pages."""
    if request.authorization:  # a program, which has no use for a page
        return Response(status=401)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for(endpoint)})
    return None


def _to_sign_in() -> BaseResponse:
    if told := _elsewhere("people.sign_in"):
        return told
    if request.method != "GET":
        return redirect(url_for("people.sign_in"))
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
