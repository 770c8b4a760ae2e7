"""Which department a dispatch names before anybody has chosen one, and why."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from agent_console.words import LazyString, _, _l
from hotline.dispatch import queries
from hotline.dispatch.models import ReturnState
from hotline.dispatch.queries import SuggestionReason
from hotline.tickets.models import Ticket

SUGGESTION_WORDS: Mapping[str, LazyString] = {
    SuggestionReason.CATEGORY_AND_PLACE: _l("派单目录：这一分类在这个区由它承办"),
    SuggestionReason.CATEGORY: _l("派单目录：这一分类全市由它承办"),
    SuggestionReason.PLACE: _l("派单目录没有这一分类，由属地兜底"),
}


def suggested(session: Session, ticket: Ticket) -> tuple[int | None, str | None, list[int]]:
    """The lead that is chosen already, why, and who usually assists: designated, named by a return, or by the
    catalogue."""
    if designated := queries.designated_lead(session, ticket.id):
        return designated, _("热线已指定由它主办，只能派给它"), []
    accepted = [one for one in queries.returns_of(session, ticket.id) if one.state is ReturnState.ACCEPTED]
    if accepted:
        return accepted[-1].suggested_id, _("退单单位认为应由它承办，退单已同意"), []
    suggestion = queries.suggest_lead(session, ticket)
    if suggestion is None:
        return None, None, []
    why = str(SUGGESTION_WORDS[suggestion.reason])
    return suggestion.rule.lead_id, why, list(suggestion.rule.assist_ids)
