"""How the citizen of a ticket that is registered now learns its number and query code."""

from sqlalchemy.orm import Session

from agent_console.words import _
from hotline.callbacks.queries import is_owed
from hotline.calls.models import CallState
from hotline.calls.queries import calls_of_contact
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel


def nobody_to_tell(session: Session, ticket: Ticket) -> str:
    """What happens where nobody is on the line who could be told; empty while somebody is."""
    calls = calls_of_contact(session, ticket.contact_id)
    if any(call.state is not CallState.ENDED for call in calls):
        return ""
    if ticket.contact.letter is not None:
        return _("没有人在线上。市民写信来的：编号和查询码在回执邮件里；没有发出邮件的，来电时告诉。")
    if ticket.channel == Channel.WEB:
        return _("没有人在线上。市民在网上提交时已经得到编号和查询码。")
    if ticket.contact.arrival is not None or not calls:
        return ""
    numbers = [ticket.complainant_phone, ticket.contact.number]
    if is_owed(session, numbers):
        return _("没有人在线上，还没有告诉市民。这个号码还欠一个回电：接通时把编号和查询码告诉市民。")
    if any(numbers):
        return _("没有人在线上，还没有告诉市民：市民再来电时告诉编号和查询码；办结后热线会回访。")
    return _("没有人在线上，也没有市民的号码：市民再来电时，才能告诉编号和查询码。")
