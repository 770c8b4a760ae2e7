"""Learning: keep what agents made of suggestions, and train the classifier from past tickets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hotline.context import Context
from hotline.people.actors import Role
from hotline.redaction.rules import masked
from hotline.suggestions.classifier import Classifier, NotTrusted, load, save
from hotline.suggestions.models import Outcome, SuggestionChoice
from hotline.suggestions.queries import Librarian, pieces_of_contact
from hotline.suggestions.rules import without_places
from hotline.suggestions.training import (
    CATEGORY,
    QUESTIONS,
    TYPE,
    Examination,
    Example,
    confusion_table,
    examine,
    fit,
    split,
)
from hotline.suggestions.values import Field, Spoken, Suggestion
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

_OF_A_LIST = (Field.TYPE, Field.CATEGORY, Field.URGENCY)
_COMPARED = (*_OF_A_LIST, Field.DISTRICT, Field.STREET, Field.ADDRESS, Field.OCCURRED_AT, Field.RESPONDENT)
_LEAST_NEW = 20  # held-out tickets that the old classifier has not seen, to compare the two fairly


def keep_choices(
    context: Context, librarian: Librarian, ticket_id: int, suggested: Sequence[Suggestion]
) -> int:
    """Keep what the agent made of the suggestions, without anything personal. Returns how many are kept.

    Nothing is kept of a sealed ticket.
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        if ticket.confidentiality is Confidentiality.SEALED:
            return 0
        spoken = Spoken.by_citizen(pieces_of_contact(session, ticket.contact_id))
        text = masked(without_places(spoken.text, librarian.knowledge(session).index))
        compared = [suggestion for suggestion in suggested if suggestion.field in _COMPARED]
        session.add_all(_choice(context, ticket, suggestion, text) for suggestion in compared)
        return len(compared)


def _choice(context: Context, ticket: Ticket, suggestion: Suggestion, text: str) -> SuggestionChoice:
    chosen = _written(context, ticket, suggestion.field)
    outcome = Outcome.LEFT if not chosen else Outcome.TAKEN if chosen == suggestion.value else Outcome.CHANGED
    listed = suggestion.field in _OF_A_LIST
    return SuggestionChoice(
        at=context.now(),
        field=suggestion.field,
        outcome=outcome,
        suggested=suggestion.value if listed else "",
        chosen=chosen if listed else "",
        confidence=suggestion.confidence,
        text=text if listed else "",
    )


def _written(context: Context, ticket: Ticket, field: Field) -> str:
    value = getattr(ticket, field.value)
    if isinstance(value, datetime):
        return f"{value.astimezone(context.settings.zone):%Y-%m-%dT%H:%M}"
    return str(value or "")


@dataclass(frozen=True)
class Training:
    """What became of a training. `kept_old`: the new classifier did worse on the newest tickets."""

    learnt_from: int
    examined_on: int
    examination: Examination
    old: Examination | None
    kept_old: bool
    report: Path


def train(context: Context, librarian: Librarian | None = None) -> Training:
    """Train the classifier from the registered tickets and write a report beside it.

    Learns from the older four fifths and is examined on the newest fifth. The old classifier stays where the
    new one does worse on the same tickets. Raises `TooFewExamples`.
    """
    context.actor.must_have("train the classifier", Role.ADMINISTRATOR, Role.SYSTEM)
    library = librarian or Librarian(context)
    with context.reading() as session:
        index = library.knowledge(session).index
        examples = [
            replace(example, text=masked(without_places(example.text, index)))
            for example in (*_tickets(session), *_choices(session))
        ]
    learn, newest = split(examples)
    new, old = fit(learn), _old(context)
    unseen = [e for e in newest if old is None or e.at > old.trained_until]
    paper = unseen if len(unseen) >= _LEAST_NEW else newest
    examination, old_examination = examine(new, paper), examine(old, paper) if old else None
    worse = old_examination is not None and examination.overall < old_examination.overall
    if not worse:
        measured = {question: examination.accuracy(question) for question in QUESTIONS}
        save(replace(new, measured=measured), context.settings.classifier, context.settings.secrets.flask)
    path = context.settings.classifier.with_name(f"report-{context.now():%Y%m%d-%H%M%S}.md")
    training = Training(len(learn), len(paper), examination, old_examination, worse, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(training), "utf-8")
    return training


def report(training: Training) -> str:
    """The report in Markdown: accuracies, old and new, and a confusion table for each question."""
    kept = "the old classifier stays: it does better" if training.kept_old else "the new classifier is in use"
    lines = [
        "# Training of the classifier",
        f"Learnt from {training.learnt_from} tickets, examined on the newest {training.examined_on}; {kept}.",
    ]
    for question in QUESTIONS:
        before = f", old {training.old.accuracy(question):.1%}" if training.old else ""
        lines.append(f"## {question}: {training.examination.accuracy(question):.1%} right{before}")
        lines.append(confusion_table(training.examination.answers[question]))
    return "\n\n".join(lines) + "\n"


def _old(context: Context) -> Classifier | None:
    try:
        return load(context.settings.classifier, context.settings.secrets.flask)
    except (FileNotFoundError, NotTrusted):
        return None  # none, or one that is not used anyway


def _tickets(session: Session) -> Iterator[Example]:
    registered = (
        select(Ticket)
        .options(selectinload(Ticket.questions))
        .where(
            Ticket.state != State.DRAFT,
            Ticket.type.is_not(None),
            Ticket.category_code.is_not(None),
            Ticket.confidentiality != Confidentiality.SEALED,
        )
    )
    for ticket in session.scalars(registered.order_by(Ticket.id)):
        text = "\n".join([ticket.description, *(question.text for question in ticket.questions)])
        at = ticket.registered_at or ticket.received_at
        yield Example(text, str(ticket.type), str(ticket.category_code), at)


def _choices(session: Session) -> Iterator[Example]:
    """Callers' own words, where the agent chose both type and category for them."""
    chosen: dict[tuple[datetime, str], dict[Field, str]] = {}
    query = select(SuggestionChoice).where(SuggestionChoice.text != "", SuggestionChoice.chosen != "")
    for choice in session.scalars(query.order_by(SuggestionChoice.id)):
        chosen.setdefault((choice.at, choice.text), {})[choice.field] = choice.chosen
    names = {TYPE: Field.TYPE, CATEGORY: Field.CATEGORY}
    for (at, text), values in chosen.items():
        if all(field in values for field in names.values()):
            yield Example(text, values[Field.TYPE], values[Field.CATEGORY], at)
