"""What the parties of a joint supervision do: open one, say, ask and answer, draft, end (B6, [S 002-54])."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.joint import queries
from hotline.joint.models import JointDraft, JointNote, JointSupervision, NoteKind
from hotline.joint.rules import OPENERS, JointRefused, Obstacle, may_draft, may_write
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import Department
from hotline.redaction.rules import find
from hotline.screening.opening import kept_text, opened
from hotline.supervision import cases
from hotline.supervision import queries as supervision
from hotline.supervision.models import SupervisionCase
from hotline.supervision.rules import OPEN, CaseState, Found, Kind, Level, Trigger
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

LONGEST = 2000
LONGEST_DRAFT = 8000


def open_joint(context: Context, ticket_id: int, reason: str, partner_ids: Sequence[int]) -> int:
    """A supervisor opens one with a media house or several, and with the inspection office if wanted.

    The department is told by a numbered notice of L3, or by the one from L3 on that is open already. Returns
    the id. Raises `JointRefused`.
    """
    context.actor.must_have("open a joint supervision", *OPENERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "open a joint supervision")
        if ticket.state is State.DRAFT or ticket.confidentiality is Confidentiality.SEALED:
            raise NotPermitted(context.actor, "open a joint supervision")
        why = _text("reason", reason)
        partners = _partners(session, partner_ids)
        if any(one.ended_at is None for one in queries.of_ticket(session, ticket.id)):
            raise JointRefused(Obstacle.GOES_ON)
        if ticket.holder_id is None or ticket.state in supervision.SETTLED:
            raise JointRefused(Obstacle.NOBODY_HANDLES)
        joint = JointSupervision(
            ticket_id=ticket.id,
            case_id=_case(session, context, ticket, why).id,
            reason=why,
            opened_at=context.now(),
            opened_by_id=context.actor.user_id,
            partners=partners,
        )
        session.add(joint)
        session.flush()
        named = "、".join(office.name_zh for office in partners)
        facts = {"notice": session.get_one(SupervisionCase, joint.case_id).number, "partners": named}
        ticket.note("joint_opened", context.actor, context.now(), why, **facts)
        rows.announce(session, context, ticket, "joint_opened")
        return joint.id


def say(context: Context, joint_id: int, kind: NoteKind, text: str) -> None:
    """A party says something, or asks the others. Raises `JointRefused`; `NotPermitted` without a part."""
    with context.writing() as session:
        joint = _taking_part(session, context, joint_id)
        note = JointNote(
            joint_id=joint.id, kind=kind, text=_text("text", text), at=context.now(), **_who(context)
        )
        session.add(note)
        _told(session, context, joint, f"joint_{kind}")


def answer(context: Context, joint_id: int, note_id: int, text: str) -> None:
    """Another party answers a question. Raises as `say`."""
    with context.writing() as session:
        joint = _taking_part(session, context, joint_id)
        note = session.get(JointNote, note_id, with_for_update=True)
        if note is None or note.joint_id != joint.id or not note.waits:
            raise JointRefused(Obstacle.ANSWERED)
        if note.department_id == context.actor.department_id:
            raise JointRefused(Obstacle.OWN_QUESTION)
        note.answer, note.answered_at = _text("answer", text), context.now()
        note.answered_by, note.answered_from_id = context.actor.name[:60], context.actor.department_id
        _told(session, context, joint, "joint_answered")


def draft(context: Context, joint_id: int, text: str) -> None:
    """The media write what the public would be told; what was written before is kept. Nothing goes out by it.

    Raises `JointRefused`, also where a number, a name or an exact address of a person is in it.
    """
    with context.writing() as session:
        joint = _taking_part(session, context, joint_id)
        if not may_draft(context.actor, _ids(joint)):
            raise NotPermitted(context.actor, "draft what the public is told")
        words = _text("draft", text, LONGEST_DRAFT)
        if find(words):
            raise JointRefused(Obstacle.PERSONAL, "draft")
        if joint.drafts and joint.drafts[-1].text == words:
            return
        joint.drafts.append(JointDraft(text=words, at=context.now(), **_who(context)))
        _told(session, context, joint, "joint_drafted")


def end(context: Context, joint_id: int, result: str) -> None:
    """The hotline ends it with its result, after the case by which the department was told is closed."""
    context.actor.must_have("end a joint supervision", *OPENERS)
    with context.writing() as session:
        joint = _taking_part(session, context, joint_id)
        words = _text("result", result)
        if joint.case.state in (CaseState.PROPOSED, *OPEN):
            raise JointRefused(Obstacle.CASE_OPEN)
        joint.result, joint.ended_at = words, context.now()
        joint.ended_by_id = context.actor.user_id
        joint.ticket.note("joint_ended", context.actor, context.now(), words, notice=joint.case.number)
        rows.announce(session, context, joint.ticket, "joint_ended")


def _case(session: Session, context: Context, ticket: Ticket, why: str) -> SupervisionCase:
    """The open case from L3 on by which the department knows already, or a new one."""
    known = supervision.highest_open(session, ticket.id)
    if known is not None and known.level >= Level.L3:
        return known
    count = len(supervision.cases_of(session, ticket.id))
    step = Found(Level.L3, Trigger.JOINT, f"{Trigger.JOINT}:{count}")
    case = cases.begin(session, context, ticket, step, CaseState.PROPOSED, why, Kind.MEDIA)
    session.flush()
    cases.issue(session, context, ticket, case)
    return case


def _partners(session: Session, partner_ids: Sequence[int]) -> list[Department]:
    possible = queries.possible_partners(session)
    offices = {office.id: office for found in possible.values() for office in found}
    if not set(partner_ids) <= set(offices):
        raise JointRefused(Obstacle.NOT_A_PARTNER, "partners")
    if not {office.id for office in possible[Role.MEDIA_SCREENER]} & set(partner_ids):
        raise JointRefused(Obstacle.NO_MEDIA, "partners")
    return [offices[one] for one in dict.fromkeys(partner_ids)]


def _taking_part(session: Session, context: Context, joint_id: int) -> JointSupervision:
    """The joint supervision, its ticket locked, while it goes on and for who has a part in it."""
    joint = queries.one_of(session, joint_id)
    if joint is None or not may_write(context.actor, _ids(joint)):
        raise NotPermitted(context.actor, "take part in this joint supervision")
    rows.locked(session, joint.ticket_id)
    session.refresh(joint)
    if joint.ended_at is not None:
        raise JointRefused(Obstacle.OVER)
    return joint


def _ids(joint: JointSupervision) -> list[int]:
    return [office.id for office in joint.partners]


def _who(context: Context) -> dict[str, object]:
    return {"department_id": context.actor.department_id, "author": context.actor.name[:60]}


def _told(session: Session, context: Context, joint: JointSupervision, event: str) -> None:
    """A line of the history without the words: they are the parties' own."""
    joint.ticket.note(event, context.actor, context.now(), notice=joint.case.number)
    rows.announce(session, context, joint.ticket, event)


def _text(name: str, text: str, longest: int = LONGEST) -> str:
    words = kept_text(name, text, longest)
    if not words:
        raise JointRefused(Obstacle.NO_TEXT, name)
    return words
