"""The help pages, in the reader's language, for everybody who is signed in."""

from flask import Blueprint, abort, render_template

from agent_console.access import open_to
from agent_console.help_pages.topics import OUTSIDE_THE_BAR, TOPICS, topics_of
from agent_console.language import is_english
from agent_console.navigation import entries

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("/")
@open_to()
def index() -> str:
    """The pages about the reader's own places first, then all others."""
    own = [*topics_of(place.endpoint for place in entries()), *OUTSIDE_THE_BAR]
    others = [name for name in TOPICS if name not in own]
    return render_template("help/index.html", own=own, others=others, topics=TOPICS)


@blueprint.get("/<topic>")
@open_to()
def page(topic: str) -> str:
    """One page."""
    if topic not in TOPICS:
        abort(404)
    mine = {place.endpoint: place for place in entries()}
    return render_template(
        "help/page.html",
        title=TOPICS[topic].title,
        text=f"help/{'en' if is_english() else 'zh'}/{topic}.html",
        places=[mine[endpoint] for endpoint in TOPICS[topic].endpoints if endpoint in mine],
    )
