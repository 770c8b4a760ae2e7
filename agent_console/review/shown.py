"""A reply with what was noticed about it, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from agent_console.house import house
from agent_console.labels import SIGNALS
from agent_console.masking import as_readable
from agent_console.words import _
from hotline.replies.models import Reply
from hotline.review.queries import signals_of
from hotline.review.rules import MUST_DECIDE, PUBLIC_TEXT, Found, Signal, answer_place, score
from hotline.tickets import privacy
from hotline.tickets.models import Question, Ticket

_MARK = Markup('<mark>{}<span class="visually-hidden">{}</span></mark><span class="soft small">{}</span>')


@dataclass(frozen=True)
class Checked:
    """A reply and its signals; the texts are marked up and masked for whoever looks."""

    reply: Reply
    found: Sequence[Found]

    @property
    def score(self) -> int:
        """The weights of all signals."""
        return score(self.found)

    @property
    def must_decide(self) -> bool:
        """Whether a reviewer has to judge each signal."""
        return self.score >= MUST_DECIDE

    @property
    def public_text(self) -> Markup:
        """The reply with its words marked."""
        return _marked(self.reply.public_text, PUBLIC_TEXT, self.found, self.reply.ticket)

    def answer(self, question: Question) -> Markup:
        """The answer to a question with its words marked."""
        return _marked(question.answer, answer_place(question.position), self.found, self.reply.ticket)


def checked(session: Session, reply: Reply) -> Checked:
    """The reply with its signals as they are when it was sent, or would be if it were sent now."""
    return Checked(reply, signals_of(session, reply, house().context.now()))


def why(signal: str, about: str) -> str:
    """What a signal means in this reply, in a sentence."""
    return {
        Signal.PROMISE: _("没有同时写明时间、责任人和措施。"),
        Signal.UNANSWERED: _("第 %(positions)s 项诉求没有实际答复。", positions=about),
        Signal.COPIED: _("与工单 %(number)s 的答复几乎相同，那是另一件事。", number=about),
        Signal.ECHO: _("除照抄诉求外，只有 %(count)s 个字。", count=about),
        Signal.NO_CONTACT: _("答复称已联系市民或到过现场，办理记录里没有。"),
        Signal.LAST_MINUTE: _("时限将尽才提交，此前没有任何办理记录。"),
        Signal.NOT_SOLVED: _against_solved(about),
        Signal.ATTITUDE: _("只有表态或打算，没有写做了什么。"),
    }[Signal(signal)]


def _against_solved(about: str) -> str:
    if about == "says_no":
        return _("市民上次回访说没有解决，此后没有再与市民联系。")
    return _("同一问题在 30 天内再次出现。")


def _marked(text: str, where: str, found: Sequence[Found], ticket: Ticket) -> Markup:
    """Whoever may not know the citizen reads the masked text, in which no place is right any more."""
    if not privacy.sees_identity(current_user.actor, ticket):
        return escape(as_readable(text, ticket))
    spans = [(span, one.signal) for one in found for span in one.spans if span.where == where]
    bounds = sorted({0, len(text), *(span.start for span, _s in spans), *(span.end for span, _s in spans)})
    pieces = []
    for start, end in pairwise(bounds):
        hit = list(dict.fromkeys(s for span, s in spans if span.start <= start and end <= span.end))
        pieces.append(_piece(text[start:end], hit))
    return Markup().join(pieces)


def _piece(text: str, hit: Sequence[Signal]) -> Markup:
    if not hit:
        return escape(text)
    names = _("、").join(str(SIGNALS[signal]) for signal in hit)
    return _MARK.format(text, _("（%(names)s）", names=names), " ".join(hit))
