"""The draft of a ticket as the agent fills it in while talking."""

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, ValidationError

from agent_console import labels
from agent_console.choices import category_choices, options, options_of
from agent_console.house import house
from agent_console.phone_field import phone_field
from agent_console.refusals import missing_fields
from agent_console.times import local
from agent_console.words import _, _l
from hotline.dispatch.models import Category
from hotline.referrals.emergencies import LONGEST_HOW
from hotline.screening.answering import LONGEST_BASIS
from hotline.tickets.guards import EMERGENCY_NUMBERS
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft
from hotline.tickets.states import ComplainantKind, Confidentiality, TicketType, Urgency

LONGEST_TEXT = 8000
EARLIEST_YEAR = 1900

# The core's names of missing fields, as the form calls them.
_FORM_FIELDS = {
    "type": "type",
    "category": "category_code",
    "description": "description",
    "demand": "demands",
    "place or telephone": "address",
}


class DraftForm(FlaskForm):
    """Fields of rulebook B1. Everything may stay empty until registration; the core says what is missing."""

    type = RadioField(_l("诉求类型"), [Optional()], choices=options_of(labels.TYPES))
    category_code = SelectField(_l("诉求分类"), [Optional()])
    district = StringField(_l("区（县）"), [Length(max=40)])
    street = StringField(_l("街道"), [Length(max=60)])
    address = StringField(_l("详细地址"), [Length(max=200)])
    occurred_at = DateTimeLocalField(_l("发生时间"), [Optional()], format="%Y-%m-%dT%H:%M")
    description = TextAreaField(_l("事情经过"), [Length(max=LONGEST_TEXT)])
    demands = TextAreaField(_l("具体诉求"), [Length(max=LONGEST_TEXT)])
    complainant_name = StringField(_l("姓名"), [Length(max=60)])
    complainant_phone = phone_field(_l("联系电话"), [Length(max=30)])
    complainant_kind = SelectField(_l("诉求人"), choices=options_of(labels.KINDS))
    confidentiality = SelectField(_l("保密"), choices=options_of(labels.CONFIDENTIALITIES))
    respondent = StringField(_l("被反映对象"), [Length(max=120)])
    urgency = SelectField(_l("紧急程度"), choices=options_of(labels.URGENCIES))

    answer = TextAreaField(_l("给市民的答复"), [Length(max=4000)])
    answer_basis = StringField(_l("答复依据"), [Length(max=LONGEST_BASIS)])
    service = RadioField(
        _l("已交给"), [Optional()], choices=options(*((one, one) for one in sorted(EMERGENCY_NUMBERS)))
    )
    handed_how = StringField(_l("怎么告知对方的"), [Length(max=LONGEST_HOW)])

    @classmethod
    def of(cls, ticket: Ticket, categories: list[Category], english: bool) -> "DraftForm":
        """The form showing a ticket, or, in a POST, what was filled in for it."""
        form = cls(data=_shown(ticket))
        form.category_code.choices = category_choices(categories, english, {ticket.category_code})
        return form

    @classmethod
    def shown(cls, ticket: Ticket, categories: list[Category], english: bool) -> "DraftForm":
        """The form showing a ticket as it is kept, whatever was sent with the request."""
        form = cls(formdata=None, data=_shown(ticket))
        form.category_code.choices = category_choices(categories, english, {ticket.category_code})
        return form

    def draft(self) -> Draft:
        """What the core is asked to write down: the fields that are well-formed."""
        return Draft(
            type=TicketType(self.type.data) if _good(self.type) else None,
            category_code=self.category_code.data if not self.category_code.errors else None,
            district=_text(self.district),
            street=_text(self.street),
            address=_text(self.address),
            occurred_at=self._occurred_at(),
            description=_text(self.description),
            demands=(self.demands.data or "").splitlines() if not self.demands.errors else None,
            complainant_name=_text(self.complainant_name),
            complainant_phone=_text(self.complainant_phone),
            complainant_kind=ComplainantKind(self.complainant_kind.data)
            if _good(self.complainant_kind)
            else None,
            confidentiality=Confidentiality(self.confidentiality.data)
            if _good(self.confidentiality)
            else None,
            respondent=_text(self.respondent),
            urgency=Urgency(self.urgency.data) if _good(self.urgency) else None,
        )

    def mark_missing(self, refusal: GuardFailed) -> None:
        """Say beside each field that the core names that it is still empty."""
        for name in missing_fields(refusal):
            field = self[_FORM_FIELDS[name]]
            field.errors = [*field.errors, _("请填写")]

    def _occurred_at(self) -> datetime | None:
        there = None if self.occurred_at.errors else self.occurred_at.data
        return there.replace(tzinfo=house().context.settings.zone) if there else None

    def validate_occurred_at(self, field: DateTimeLocalField) -> None:
        """Years are typed digit by digit: 0020 is a slip, and the first of them no clock of UTC can tell."""
        if field.data and field.data.year < EARLIEST_YEAR:
            raise ValidationError(_("年份不对，请再看一遍"))


def _good(field: Field) -> bool:
    return bool(field.data) and not field.errors


def _text(field: Field) -> str | None:
    return None if field.errors else (field.data or "")


_PLAIN = (
    "type",
    "category_code",
    "district",
    "street",
    "address",
    "description",
    "complainant_name",
    "complainant_phone",
    "complainant_kind",
    "confidentiality",
    "respondent",
    "urgency",
)


def _shown(ticket: Ticket) -> dict[str, Any]:
    shown = {name: getattr(ticket, name) for name in _PLAIN}
    shown["demands"] = "\n".join(question.text for question in ticket.questions)
    called = [line.changes.get("service") for line in ticket.history if line.event == "emergency_called"]
    shown["service"] = called[-1] if called else None
    shown["occurred_at"] = local(ticket.occurred_at).replace(tzinfo=None) if ticket.occurred_at else None
    return shown
