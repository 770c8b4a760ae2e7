"""A case of supervision as the official letter that goes to the department."""

from collections.abc import Mapping

from flask_babel import force_locale
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.house import house
from agent_console.letters import Letter, day_words, until_words
from agent_console.marking import mark_words
from agent_console.masking import as_readable
from agent_console.supervision_words import SUPERVISION_KINDS, TRIGGERS
from hotline.dispatch.models import Category
from hotline.joint.models import JointSupervision
from hotline.joint.queries import of_case
from hotline.people.models import User
from hotline.supervision.models import SupervisionCase
from hotline.supervision.rules import Level
from hotline.tickets.models import Ticket

# The letters themselves are Chinese for every reader. Of a level for which the city has set its own title
# (`hotline/notice_settings.py`), the case has it.
TITLES: Mapping[Level, str] = {
    Level.L2: "督办通知单",
    Level.L3: "专项督办通知单",
    Level.L4: "领导批示督办单",
    Level.L5: "通报批评（约谈）通知书",
    Level.L6: "问责移送函",
}
JOINT_TITLE = "媒体联合督办通知单"
_OPENING = "市民反映的下列事项，经研究，决定予以督办。请按照要求认真办理，并按期答复。"
_SIGNED = ("单位答复（可另附页）：", "", "分管领导（签字）：　　　　　　　　　年　　月　　日")


def letter_of(session: Session, case: SupervisionCase) -> Letter:
    """What whoever is signed in may read of it: without the citizen's name and number, and with the texts
    masked for those who may not know who the citizen is. Only for issued cases: they have a number."""
    issued_at, number = case.issued_at, case.number
    assert issued_at is not None and number is not None  # noqa: S101, PT018 (the caller has looked)
    issuer = session.get(User, case.issued_by_id) if case.issued_by_id else None
    joint = of_case(session, case.id)
    with force_locale("zh"):
        return Letter(
            issuer=case.issuer or (issuer.department.name_zh if issuer else ""),
            number=number,
            title=JOINT_TITLE if joint else case.title or TITLES[case.level],
            addressee=case.department.name_zh,
            opening=_OPENING,
            facts=[*_facts(session, case), *_partners(joint)],
            sections=_sections(case),
            closing=_closing(case),
            dated=times.local(issued_at).date(),
            blanks=_SIGNED if case.due_at else (),
            mark=mark_words(),
            footer=f"{current_user.name} {times.local(house().context.now()):%Y-%m-%d %H:%M} 导出",
        )


def _facts(session: Session, case: SupervisionCase) -> list[tuple[str, str]]:
    ticket = case.ticket
    facts = [
        ("工单编号", ticket.number or ""),
        ("受理时间", day_words(times.local(ticket.registered_at or ticket.received_at).date())),
        ("诉求分类", _category(session, ticket)),
        ("地　　点", as_readable(f"{ticket.district}{ticket.street}{ticket.address}", ticket)),
        ("责 任 人", case.department.responsible),
        ("联 系 人", " ".join(filter(None, (case.department.contact, _phone(case))))),
        ("办理期限", until_words(times.local(ticket.due_at)) if ticket.due_at else ""),
        ("督办类型", str(SUPERVISION_KINDS[case.kind])),
        ("督办缘由", str(TRIGGERS[case.trigger])),
        ("答复期限", until_words(times.local(case.due_at)) if case.due_at else ""),
    ]
    return [(name, said) for name, said in facts if said]


def _phone(case: SupervisionCase) -> str:
    """Of whom to ask: alone it would be nobody's."""
    return case.department.phone if case.department.contact else ""


def _partners(joint: JointSupervision | None) -> list[tuple[str, str]]:
    if joint is None:
        return []
    return [("联合督办单位", "、".join(office.name_zh for office in joint.partners))]


def _sections(case: SupervisionCase) -> list[tuple[str, str]]:
    ticket = case.ticket
    sections = [
        ("反映事项", ticket.description),
        ("具体诉求", "\n".join(question.text for question in ticket.questions)),
        ("督办要求", case.reason),
    ]
    return [(heading, as_readable(text, ticket)) for heading, text in sections if text.strip()]


def _closing(case: SupervisionCase) -> str:
    if case.due_at is None:
        return "现将有关情况移送，处理结果请函复回执号。"
    until = until_words(times.local(case.due_at))
    proof = "，并附佐证材料" if case.level is Level.L3 else ""
    return f"请贵单位于{until}前，由分管领导签字后书面答复办理情况{proof}。"


def _category(session: Session, ticket: Ticket) -> str:
    category = session.get(Category, ticket.category_code) if ticket.category_code else None
    return category.name_zh if category else ""
