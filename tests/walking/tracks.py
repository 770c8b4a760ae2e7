"""What the two tracks that are prepared ask for: a coordinator and meetings, a brief that leaders read."""

from datetime import timedelta

from hotline.coordination import queries, service
from hotline.coordination.rules import COORDINATORS
from hotline.people.actors import Role
from hotline.tickets.states import State
from tests.walking.acting import Acting, Move, move
from tests.walking.checks import WITH_A_UNIT


def name_coordinator(a: Acting) -> None:
    with a.context.reading() as session:
        coordinator = a.pick(queries.possible_coordinators(session), 4)
    service.name_coordinator(a.context, a.ticket_id, coordinator.id, a.words("召集两个单位"))


def record_meeting(a: Acting) -> None:
    held_on = a.context.now().astimezone(a.context.settings.zone).date() + timedelta(days=a.pick((0, 0, 1)))
    units = list(a.town.units.values())[: a.pick((2, 3, 1), 2)]
    form = service.MeetingForm(held_on, a.words("赵主任"), units, a.words("分段负责"))
    service.record_meeting(a.context, a.ticket_id, form)


def brief_leaders(a: Acting) -> None:
    service.brief_leaders(a.context, a.ticket_id, a.words("影响两个小区"))


def read_brief(a: Acting) -> None:
    service.mark_read(a.context, a.ticket_id)


_PREPARING = [State.REGISTERED, State.TO_DISPATCH, *WITH_A_UNIT]

TRACKED: tuple[Move, ...] = (
    move([State.TO_DISPATCH, State.HANDLING], [Role.DISPATCHER, Role.SUPERVISOR], name_coordinator),
    move([State.TO_DISPATCH, State.HANDLING], COORDINATORS, record_meeting),
    move([State.TO_DISPATCH, State.HANDLING], [Role.SUPERVISOR, Role.DIRECTOR], brief_leaders),
    move(_PREPARING, [Role.LEADER], read_brief),
)
