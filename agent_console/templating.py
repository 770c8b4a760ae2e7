"""What every template can use: built assets, labels of the core's words, times, and who is looking."""

from typing import Any, cast

from flask import Flask, g, request
from flask_login import current_user
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule

from agent_console import appeal_words, counts, history, labels, obstacles, outgoing, times
from agent_console.assets import asset
from agent_console.channel_names import channel_name
from agent_console.citizens import look
from agent_console.deadlines.holidays import unknown_year_to_tell
from agent_console.deadlines.words import profile_name
from agent_console.department_names import duty_label
from agent_console.file_words import PURPOSES, size_words
from agent_console.filters.narrowing import filter_of_page
from agent_console.help_pages.topics import topic_of
from agent_console.house import house
from agent_console.language import chosen_language
from agent_console.marking import is_marked
from agent_console.masking import as_readable, impersonal
from agent_console.navigation import in_bar_and_menu
from agent_console.record_words import ADOPTIONS, cause_words, quantity_words
from agent_console.seat_words import seat_words
from agent_console.undoing.offers import offer
from agent_console.words import install as install_words
from hotline.appeals.models import AppealKind
from hotline.appeals.rules import against
from hotline.incidents.queries import takes_tickets
from hotline.merging.reminding import may_be_reminded
from hotline.merging.rules import may_have_come_back
from hotline.people.privacy import masked_address, masked_name, masked_phone
from hotline.redaction.rules import masked
from hotline.tickets.models import Ticket

COMPONENTS = "components.html"


class PartTemplate(Template):
    """A template whose import of the components is made once a request: the page of a ticket imports them
    some thirty times, and they know nothing but what every template knows."""

    def make_module(self, *given: Any, **named: Any) -> TemplateModule:
        """As Jinja2 makes it, or the one that there is."""
        if self.name != COMPONENTS:
            return super().make_module(*given, **named)
        if "components" not in g:
            g.components = super().make_module(*given, **named)
        return cast(TemplateModule, g.components)


def install(app: Flask) -> None:
    """Strict templates: an unknown name is a failure, not an empty string."""
    app.jinja_env.template_class = PartTemplate
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install_words(app)
    for name, function in _FILTERS.items():
        app.jinja_env.filters[name] = function
    app.context_processor(_names)


def _may_be_reopened(ticket: Ticket) -> bool:
    """Whether its citizen may still ask for that."""
    return against(ticket, AppealKind.RELAPSE, house().context.now()) is None


_FILTERS: dict[str, Any] = {
    "duty_label": duty_label,
    "seat_words": seat_words,
    "when": times.when,
    "day": times.day_of,
    "until": times.until,
    "limit": times.limit,
    "iso": times.iso,
    "clock_time": times.clock_time,
    "hour_and_minute": times.hour_and_minute,
    "day_words": times.day_words,
    "plain_day": times.plain_day,
    "when_exactly": times.when_exactly,
    "pieces": counts.pieces,
    "citizens": counts.citizens,
    "span": times.minutes_and_seconds,
    "masked_phone": masked_phone,
    "masked_name": masked_name,
    "masked_address": masked_address,
    "readable": as_readable,
    "masked": masked,
    "impersonal": impersonal,
    "file_size": size_words,
    "profile_name": profile_name,
    "cause_words": cause_words,
    "quantity": quantity_words,
    "may_be_reminded": may_be_reminded,
    "may_have_come_back": may_have_come_back,
    "may_be_reopened": _may_be_reopened,
    "takes_tickets": takes_tickets,
}


def _names() -> dict[str, Any]:
    language = chosen_language()
    signed_in = current_user.is_authenticated
    return {
        "asset": asset,
        "labels": labels,
        "outgoing": outgoing,
        "obstacles": obstacles,
        "appeal_words": appeal_words,
        "channel_name": channel_name,
        "purposes": PURPOSES,
        "adoption_words": ADOPTIONS,
        "event_label": history.event_label,
        "actor_label": history.actor_label,
        "details": history.details,
        "is_late": times.is_late,
        "language": language,
        "html_lang": "en" if language == "en" else "zh-CN",
        "live_text": house().context.settings.live_text,
        "city": house().context.settings.city,
        "hotline_number": house().context.settings.hotline_number,
        "me": current_user if signed_in else None,
        "navigation": in_bar_and_menu() if signed_in and not current_user.duty else ([], []),
        "is_marked": is_marked,
        "citizens_look": look,
        "unknown_year_to_tell": unknown_year_to_tell,
        "help_topic": lambda: topic_of(request.endpoint),
        "undo_offer": offer,
        "waiting_elsewhere": lambda: g.get("waiting_elsewhere"),
        "event_position": lambda: g.get("event_position", ""),
        "filter_of_page": filter_of_page,
        "open_ticket_id": lambda: g.get("open_ticket_id", ""),
    }
