"""What happens, streamed to browsers within a fraction of a second (server-sent events).

A browser gets at most one message a tick: the topics that changed, with the id of the newest line of the
event log. Pages then fetch the parts that show these topics. A page begins where the log stood when it was
rendered, and a browser that was away names the last id that it has seen: nothing is missed in between.
Messages say only *that* something changed; what is shown is decided by the view that renders it. The one
exception are the words that are being said in the reader's own call, which would be too late otherwise: see
`agent_console.live_text`.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, g, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.event_feed import EventFeed, Happening, topics
from agent_console.house import acting_context, house
from agent_console.live_text.viewer import Viewer
from agent_console.presence.staying import Staying
from agent_console.row_ids import row_id
from hotline.people.actors import Role
from hotline.people.models import SignInKind
from hotline.people.sign_ins import ENDED, found

STREAM_LASTS_SECONDS = 600.0

blueprint = Blueprint("live", __name__)


@blueprint.before_app_request
def remember_position() -> None:
    """Where the event log stood before anything of this page was read."""
    if request.endpoint not in ("static", "live.events") and current_user.is_authenticated:
        g.event_position = house().feed.latest()


@blueprint.get("/events")
@open_to()
def events() -> Response:
    """The event stream of one page, which may show a `ticket`."""
    feed, extension = house().feed, current_user.extension
    last = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    newest = feed.latest()
    last_id = min(int(last), newest) if last.isdecimal() else newest  # a restored database may be behind
    bell = threading.Event()
    viewer = Viewer(house(), current_user.user_id, current_user.has(Role.SUPERVISOR), bell)
    is_over = _over_for(current_user.id, current_user.user_id)
    staying = Staying(acting_context(), request.args.get("ticket", type=row_id))
    stream = _messages(feed, last_id, extension, viewer, staying, bell, is_over)
    return Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _over_for(token: str, user_id: int) -> Callable[[Sequence[Happening]], bool]:
    """Whether this sign-in is over, asked where something says that one of its user is."""
    context, subject = house().context, f"user:{user_id}"

    def is_over(batch: Sequence[Happening]) -> bool:
        told = any(happening.kind == ENDED and happening.subject == subject for happening in batch)
        return told and found(context, token, SignInKind.BROWSER, used=False) is None

    return is_over


def _messages(
    feed: EventFeed,
    last_id: int,
    extension: str | None,
    viewer: Viewer,
    staying: Staying,
    bell: threading.Event,
    is_over: Callable[[Sequence[Happening]], bool],
) -> Iterator[str]:
    """The stream ends with its sign-in, and by itself after a while: the browser comes back, and is asked
    again who it is."""
    ends_at = time.monotonic() + STREAM_LASTS_SECONDS
    yield "retry: 1000\n\n"
    with viewer, staying:
        for batch in feed.listen(last_id, bell):
            if is_over(batch):
                return
            if time.monotonic() > ends_at:
                staying.comes_back()
                return
            staying.stay()
            changed = {topic for happening in batch for topic in topics(happening, extension)}
            if batch:
                yield f"id: {batch[-1].id}\ndata: {' '.join(sorted(changed))}\n\n"
            words = viewer.words(changed)
            if words or not batch:
                yield f"event: words\ndata: {words}\n\n" if words else ": quiet\n\n"
