"""Candidates for merging: the rulebook's score, its reasons, and who is none."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.intake.service import Came, take_in
from hotline.merging.queries import candidates
from hotline.merging.service import merge
from hotline.screening.splitting import Part, split
from hotline.suggestions.similar import SAME_MATTER, Why
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, register
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import CITIZEN, City, FixedClock, complete_draft, local
from tests.integration.families import ticket_of
from tests.integration.test_core_merging import OTHER, THIRD, number_of, put


def register_one(city: City, phone: str, **fields: object) -> int:
    """A registered ticket; fields replace those of a leak in 海天路."""
    ticket_id = city.drafted(phone)
    leak = {"address": "海天路 9 号", "description": "路中间的水管爆了，水流了一地。", "district": "市南区"}
    draft = Draft(
        type=TicketType.COMPLAINT,
        category_code="water.pressure",
        demands=["修好"],
        **{**leak, **fields},  # type: ignore[arg-type]
    )
    register(city.context.acting_as(city.agent), ticket_id, draft)
    return ticket_id


def found(city: City, ticket_id: int) -> list[tuple[int, float, tuple[Why, ...]]]:
    with city.context.reading() as session:
        listed = candidates(session, session.get_one(Ticket, ticket_id), city.context.now())
        return [(one.ticket.id, one.score, one.why) for one in listed]


def test_candidates_have_the_score_of_the_rulebook_and_its_reasons(city: City) -> None:
    same = register_one(city, CITIZEN)
    neighbour = register_one(city, OTHER, address="海天路 100 号")
    register_one(city, THIRD, address="长江路 1 号", description="夜里施工太吵。", district="城阳区")
    ticket_id = register_one(city, CITIZEN)
    everything = (Why.PHONE, Why.CATEGORY, Why.PLACE, Why.WORDS)
    assert found(city, ticket_id) == [(same, 1.0, everything), (neighbour, 0.6, everything[1:])]
    assert found(city, ticket_id)[1][1] >= SAME_MATTER


@pytest.mark.parametrize(
    ("theirs", "score", "why"),
    [
        ({"description": "甲"}, 0.4, (Why.CATEGORY, Why.PLACE)),
        ({"description": "甲", "district": "城阳区"}, None, ()),
        ({"address": "长江路 1 号"}, 0.35, (Why.CATEGORY, Why.WORDS)),
    ],
)
def test_each_part_of_the_score(
    city: City, theirs: dict[str, object], score: float | None, why: tuple[Why, ...]
) -> None:
    other = register_one(city, OTHER, **theirs)
    assert found(city, register_one(city, THIRD)) == ([] if score is None else [(other, score, why)])


def test_no_candidate_is_over_merged_sealed_hidden_old_or_of_the_same_contact(
    city: City, clock: FixedClock
) -> None:
    register_one(city, CITIZEN)
    clock.advance(days=31)
    for level in (Confidentiality.SEALED, Confidentiality.HIDDEN):
        put(city, register_one(city, OTHER), confidentiality=level)
    put(city, register_one(city, OTHER), state=State.CLOSED)
    ticket_id = register_one(city, OTHER)
    screening = city.context.acting_as(city.screener)
    split(screening, ticket_id, Part("另一件", "water.pressure", TicketType.COMPLAINT, demands=["修路"]))
    assert found(city, ticket_id) == []
    child_id = register_one(city, THIRD)
    assert [one[0] for one in found(city, child_id)] != []
    merge(screening, child_id, number_of(city, ticket_id))
    assert found(city, ticket_id) == [], "who has others under them is not merged"
    with city.context.reading() as session:
        merged = session.scalars(select(Ticket.id).where(Ticket.state == State.MERGED)).all()
    assert merged == [child_id]


def test_a_matter_of_two_channels_is_merged_into_one(city: City) -> None:
    """A neighbour comes to the counter with what somebody else has called about (002-26)."""
    called = register_one(city, CITIZEN)
    draft = replace(
        complete_draft(),
        address="海天路 9 号",
        description="路中间的水管爆了，水流了一地。",
        district="市南区",
    )
    agent, came = city.context.acting_as(city.agent), Came("LF", local("2020-04-30 15:30"))
    walked_in = take_in(agent, "k1", came, draft).ticket_id
    assert [one[0] for one in found(city, walked_in)] == [called]
    merge(city.context.acting_as(city.screener), walked_in, number_of(city, called))
    child, master = ticket_of(city, walked_in), ticket_of(city, called)
    assert (child.state, child.channel, master.channel) == (State.MERGED, "LF", "DH")
    assert child.master_id == called
