"""Tickets are found by what is written in them, by whoever may open them, on both databases."""

from datetime import timedelta

import pytest

from hotline.people.actors import Actor, Role
from hotline.search.people import people
from hotline.search.tickets import PAGE, Wanted, of_telephone, tickets
from hotline.text_index import contains, phrases
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import CITIZEN, City, user

NEWER = "13910000001"


def found(city: City, actor: Actor, words: str = "", **wanted: object) -> list[str]:
    with city.context.reading() as session:
        return [hit.text for hit in tickets(session, actor, Wanted(words, **wanted)).hits]  # type: ignore[arg-type]


def write(city: City, ticket_id: int, **fields: object) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        for name, value in fields.items():
            setattr(ticket, name, value)


@pytest.fixture
def written(city: City) -> int:
    """Two registered tickets with words of their own, and a draft that has the same ones."""
    ticket_id = city.registered()
    write(city, ticket_id, description="小区门口的wifi箱子漏电", address="同安路68号", district="市北区")
    write(city, city.registered(NEWER), description="楼下油烟太大", address="宁夏路", district="市南区")
    write(city, city.drafted(), description="小区漏电", address="同安路")
    return ticket_id


# Asked of the same tickets: to register them for each would take longer than all that they ask.
WHAT_IS_FOUND = {
    "漏电": ["小区门口的wifi箱子漏电"],
    "WIFI 漏电": ["小区门口的wifi箱子漏电"],
    "同安路六十八号": ["同安路68号"],
    "同安路68号 漏电": ["同安路68号"],
    "漏电 油烟": [],
    "门口漏电": [],
    "区": ["市南区", "小区门口的wifi箱子漏电"],
    "漏电' OR '1'='1": [],
    "'\"*:&|!<->()": [],
    "": [],
}


@pytest.mark.usefixtures("written")
def test_words_find_their_tickets(city: City) -> None:
    assert {words: found(city, city.agent, words) for words in WHAT_IS_FOUND} == WHAT_IS_FOUND


def test_the_index_follows_every_change(city: City, written: int) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, written)
        ticket.description = "路灯坏了"
        ticket.questions.append(Question(position=2, text="何时修好路灯", ticket=ticket))
    assert found(city, city.agent, "漏电") == []
    assert found(city, city.agent, "何时修好") == ["何时修好路灯"]
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, written)
        ticket.questions.pop()
    assert found(city, city.agent, "何时修好") == []
    write(city, written, confidentiality=Confidentiality.SEALED)
    assert found(city, city.agent, "路灯坏了") == []
    write(city, written, confidentiality=Confidentiality.HIDDEN)
    assert found(city, city.agent, "路灯坏了") == ["路灯坏了"]


def test_a_rolled_back_change_is_not_found(city: City, written: int) -> None:
    with city.context.reading() as session:  # what is changed in it is forgotten
        session.get_one(Ticket, written).description = "路灯坏了"
        session.flush()
    assert found(city, city.agent, "路灯坏了") == []
    assert found(city, city.agent, "漏电") != []


@pytest.mark.usefixtures("written")
def test_conditions_alone_find_and_narrow(city: City) -> None:
    now = city.context.now()
    assert found(city, city.agent, district="市北区") == ["小区门口的wifi箱子漏电"]
    assert found(city, city.agent, "区", district="市南区") == ["市南区"]
    assert found(city, city.agent, open=False) == []
    assert len(found(city, city.agent, open=True)) == 2
    assert len(found(city, city.agent, type=TicketType.COMPLAINT)) == 2
    assert found(city, city.agent, type=TicketType.PRAISE) == []
    assert found(city, city.agent, category="nothing") == []
    assert found(city, city.agent, department_id=city.water_id) == []
    assert found(city, city.agent, since=now + timedelta(days=1)) == []
    assert len(found(city, city.agent, since=now - timedelta(days=1), before=now + timedelta(days=1))) == 2


def test_only_who_may_open_a_ticket_finds_it(city: City) -> None:
    ticket_id = city.signed()
    write(city, ticket_id, description="我叫李建国，楼上漏水，电话13800138000")
    stranger = user(city.context, city.police_id, Role.HANDLER, username="police")
    office = user(city.context, city.hotline_id, Role.INSPECTION_OFFICE, username="office")
    nobody = user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="nobody")
    assert found(city, city.handler, "漏水 李建国") != []
    assert found(city, stranger, "漏水") == found(city, nobody, "漏水") == []
    [masked] = found(city, office, "漏水")
    assert "李建国" not in masked
    assert "13800138000" not in masked
    for hidden in ("李建国", "漏水 13800138000"):
        assert found(city, office, hidden) == [], "that there is a hit would tell it"
    write(city, ticket_id, confidentiality=Confidentiality.HIDDEN)
    assert found(city, city.handler, "李建国") == []


def test_a_telephone_leads_to_its_tickets(city: City, written: int) -> None:
    write(city, written, complainant_phone=CITIZEN)
    with city.context.reading() as session:
        [hit] = of_telephone(session, city.agent, CITIZEN).hits
        assert hit.ticket.id == written
        assert of_telephone(session, city.supervisor, CITIZEN).hits == []
        assert of_telephone(session, city.agent, "").hits == []


def test_pages_follow_one_another(city: City) -> None:
    oldest = city.registered()
    with city.context.writing() as session:
        pattern = session.get_one(Ticket, oldest)
        for number in range(PAGE):
            session.add(
                Ticket(
                    number=f"20190430DH{number:07}",
                    state=State.REGISTERED,
                    channel="call",
                    contact_id=pattern.contact_id,
                    description=f"路灯 {number}",
                    received_at=city.context.now(),
                )
            )
        pattern.description = "路灯 最早"
    with city.context.reading() as session:
        first, second = (tickets(session, city.agent, Wanted("路灯", page=page)) for page in (1, 2))
    assert (len(first.hits), first.more) == (PAGE, True)
    assert ([hit.text for hit in second.hits], second.more) == (["路灯 最早"], False)


def test_departments_and_colleagues_are_found(city: City) -> None:
    with city.context.reading() as session:
        known = people(session, city.agent, "水务")
        assert [one.name_zh for one in known.departments] == ["水务局"]
        assert {one.id for one in known.users} == {city.handler.user_id, city.leader.user_id}
        assert people(session, city.handler, "水务").users == []
        assert people(session, city.agent, "%").departments == []
        assert people(session, city.agent, "").users == []


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("同安路68号", "六十八号", True),
        ("小区停水三天", "停水", True),
        ("小区停水三天", "水", True),
        ("小区停水三天", "小区三天", False),
        ("", "水", False),
        ("Wi-Fi 5G", "wi-f", True),
    ],
)
def test_a_text_holds_what_the_index_would_find(text: str, query: str, is_found: bool) -> None:
    [phrase] = phrases(query)
    assert contains(text, phrase) is is_found
