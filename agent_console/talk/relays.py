"""A department calls the citizen of its ticket through the hotline: the part on the ticket's page."""

from flask import Blueprint, render_template, request

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.talk.words import RELAY_STATES, refusal_words
from agent_console.words import _
from hotline.calls.ports import NotDialable, TelephoneAway
from hotline.conversations.queries import open_relay, relays_of
from hotline.conversations.relay import call_citizen
from hotline.conversations.rules import TalkRefused
from hotline.directory.queries import phones_of
from hotline.people.actors import Role
from hotline.tickets import rows

blueprint = Blueprint("relays", __name__, url_prefix="/relays")

TICKET = f"<int(max={LARGEST_ID}):ticket_id>"


@blueprint.get(f"/{TICKET}")
@open_to(Role.HANDLER)
def relays(ticket_id: int) -> str:
    """The department's telephones, and the calls so far; the telephone that was chosen stays chosen."""
    return _part(ticket_id, chosen=request.args.get("phone", type=row_id) or 0)


@blueprint.post(f"/{TICKET}")
@open_to(Role.HANDLER)
def call(ticket_id: int) -> str | tuple[str, int]:
    """Ring `phone`, a telephone of the directory, and then the citizen."""
    phone_id = request.form.get("phone", type=row_id) or 0
    try:
        call_citizen(acting_context(), house().call_control, ticket_id, phone_id)
    except TalkRefused as refused:
        return _part(ticket_id, refusal_words(refused.refusal), phone_id), 409
    except NotDialable:
        return _part(ticket_id, _("不能拨打这个号码。"), phone_id), 409
    except TelephoneAway:
        words = _("电话系统暂时没有应答，什么都没有改变。请稍后再试。")
        return _part(ticket_id, words, phone_id), 503
    return _part(ticket_id, chosen=phone_id)


def _part(ticket_id: int, problem: str = "", chosen: int = 0) -> str:
    context = acting_context()
    with context.reading() as session:
        ticket = rows.get(session, ticket_id)
        department_id = context.actor.department_id
        ours = department_id is not None and ticket.holder_id == department_id
        return render_template(
            "talk/relay.html",
            ticket=ticket,
            problem=problem,
            chosen=chosen,
            phones=phones_of(session, department_id) if ours and department_id else [],
            relays=relays_of(session, ticket_id) if ours else [],
            running=open_relay(session, ticket_id) is not None,
            states=RELAY_STATES,
        )
