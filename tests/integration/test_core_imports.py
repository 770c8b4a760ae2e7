"""Importing a sheet: every row or none, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.context import Context
from hotline.dispatch.catalogue import restore_class, retire_class
from hotline.imports.models import ImportedMatter, MatterImport
from hotline.imports.queries import import_for, imports_for, tickets_of
from hotline.imports.rules import Fault, SheetRefused, Wrong
from hotline.imports.service import (
    KEPT_UNDONE,
    NoSuchImport,
    RowsRefused,
    bring_in,
    forget_undone,
    look_at,
    put_away,
)
from hotline.intake.rules import Obstacle
from hotline.intake.service import Came, take_in
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, complete_draft, local, user
from tests.sheets import GOOD, HEADINGS, changed, csv_sheet, numbered
from tests.threads import at_once


@pytest.fixture
def writing(city: City) -> Context:
    return city.context.acting_as(city.agent)


def counted(context: Context) -> tuple[int, int]:
    """How many tickets, and how many of them imported."""
    with context.reading() as session:
        all_of, imported = (session.scalar(select(func.count(one.id))) for one in (Ticket, ImportedMatter))
        return all_of or 0, imported or 0


def refused(context: Context, content: bytes) -> dict[int, list[tuple[str, object, str]]]:
    """The faults by line."""
    with pytest.raises(RowsRefused) as found:
        look_at(context, "a.csv", content)
    return {one.row.line: [(f.column, f.fault, f.known) for f in one.faults] for one in found.value.looked}


def test_every_row_becomes_a_ticket_once(writing: Context, city: City) -> None:
    import_id = look_at(writing, "来件.csv", csv_sheet(numbered(1, 2, 3)))
    assert counted(writing) == (0, 0)
    bring_in(writing, import_id)
    bring_in(writing, import_id)
    assert counted(writing) == (3, 3)
    with writing.reading() as session:
        found = import_for(session, city.supervisor, import_id)
        assert found is not None
        assert (found.row_count, found.read_rows, found.done_at) == (3, None, writing.now())
        for line, ticket in tickets_of(session, import_id):
            assert is_ticket_number(ticket.number or "")
            assert len(ticket.query_code or "") == 8
            assert (ticket.state, ticket.registered_by_id) == (State.REGISTERED, city.agent.user_id)
            assert [one.event for one in ticket.history] == ["open_record", "submit", "imported"]
            assert ticket.history[-1].changes == {"line": line}
            assert ticket.contact.arrival is not None
            assert ticket.contact.arrival.source_number == f"省办 {line - 1} 号"
    with pytest.raises(SheetRefused) as again:
        look_at(writing, "again.csv", csv_sheet(numbered(1, 2, 3)))
    assert (again.value.wrong, again.value.known) == (Wrong.CAME_BEFORE, import_id)


def test_a_telephone_in_wide_digits_is_the_same_telephone(writing: Context, city: City) -> None:
    import_id = look_at(writing, "来件.csv", csv_sheet([changed(联系电话="１３８００００１２３４")]))
    bring_in(writing, import_id)
    with writing.reading() as session:
        assert [one.complainant_phone for _line, one in tickets_of(session, import_id)] == ["13800001234"]


def test_two_presses_at_once_are_one_import(writing: Context) -> None:
    import_id = look_at(writing, "a.csv", csv_sheet(numbered(1, 2)))
    at_once([lambda: bring_in(writing, import_id)] * 2)
    assert counted(writing) == (2, 2)


def test_two_people_with_one_sheet_at_once_are_one_import(writing: Context, city: City) -> None:
    other = writing.acting_as(user(city.context, city.hotline_id, Role.AGENT))
    both = [(one, look_at(one, "a.csv", csv_sheet(numbered(1, 2)))) for one in (writing, other)]

    def press(context: Context, import_id: int) -> bool:
        try:
            bring_in(context, import_id)
        except (RowsRefused, SheetRefused):
            return False
        return True

    assert sorted(at_once([lambda one=one: press(*one) for one in both])) == [False, True]
    assert counted(writing) == (2, 2)


def test_one_row_that_came_meanwhile_keeps_all_out(writing: Context) -> None:
    import_id = look_at(writing, "a.csv", csv_sheet(numbered(1, 2)))
    came = Came("SJ", local("2020-04-30 09:00"), "省办 2 号")
    taken = take_in(writing, "k1", came, complete_draft())
    with pytest.raises(RowsRefused) as found:
        bring_in(writing, import_id)
    (fault,) = found.value.looked[1].faults
    assert (fault.column, fault.fault, fault.known) == ("source_number", Obstacle.CAME_BEFORE, taken.number)
    assert counted(writing) == (1, 0)


def test_every_fault_is_told_at_once(sqlite_database: object, city: City, writing: Context) -> None:
    rows = [
        GOOD,
        changed(来源渠道="邮局", 诉求类型="骂人", 诉求分类="水费"),
        changed(来源编号="", 收到时间="昨天", 事情经过="", 具体诉求=""),
        changed(来源编号="2", 收到时间="2020-04-29", 详细地址="路" * 201),
        changed(来源编号="3", 收到时间="2020-05-01", 详细地址="", 联系电话=""),
        GOOD,
        changed(来源渠道="电话", 来源编号="4", 具体诉求="\n".join("12345678901234567890x")),
        changed(来源渠道="来访", 来源编号=""),
        changed(来源渠道="来访", 来源编号=""),
    ]
    assert refused(writing, csv_sheet(rows)) == {
        2: [],
        3: [
            ("channel", Obstacle.NO_SUCH_CHANNEL, ""),
            ("type", Fault.UNKNOWN_WORD, ""),
            ("category_code", Fault.UNKNOWN_CATEGORY, ""),
        ],
        4: [
            ("received_at", Fault.NO_DATE, ""),
            ("description", Fault.MISSING, ""),
            ("demands", Fault.MISSING, ""),
        ],
        5: [("late_reason", Obstacle.NO_LATE_REASON, ""), ("address", Fault.TOO_LONG, "")],
        6: [("received_at", Obstacle.IN_FUTURE, ""), ("address", Fault.NO_PLACE, "")],
        7: [("source_number", Fault.TWICE, "2")],
        8: [("channel", Fault.NOT_YOURS, ""), ("demands", Fault.TOO_MANY, "")],
        9: [],
        10: [("", Fault.TWICE, "9")],
    }
    admin = writing.acting_as(user(writing, city.hotline_id, Role.ADMINISTRATOR))
    retire_class(admin, "water.pressure", "并入供水")
    assert refused(writing, csv_sheet([GOOD])) == {2: [("category_code", Fault.UNKNOWN_CATEGORY, "")]}
    restore_class(admin, "water.pressure")
    sealed = csv_sheet([[*GOOD, "密封"]], [*HEADINGS, "保密"])
    assert refused(writing, sealed) == {2: [("confidentiality", Fault.SEALED, "")]}
    with writing.reading() as session:
        assert session.scalars(select(MatterImport)).all() == []


def test_who_may_import_and_see_what(writing: Context, city: City, clock: FixedClock) -> None:
    with pytest.raises(NotPermitted):
        look_at(city.context.acting_as(city.supervisor), "a.csv", csv_sheet([GOOD]))
    first, second = (look_at(writing, "a.csv", csv_sheet(numbered(number))) for number in (1, 2))
    with pytest.raises(NotPermitted):
        bring_in(city.context.acting_as(user(city.context, city.hotline_id, Role.AGENT)), first)
    bring_in(writing, first)
    with city.context.writing() as session:
        assert import_for(session, city.supervisor, second) is None
        ((found, seen),) = imports_for(session, city.supervisor)
        assert (found.id, seen) == (first, 1)
        ((_line, ticket),) = tickets_of(session, first)
        ticket.confidentiality = Confidentiality.SEALED
    with city.context.reading() as session:
        assert [seen for _found, seen in imports_for(session, city.supervisor)] == [0]
        assert tickets_of(session, first) == []
    with pytest.raises(NoSuchImport):
        put_away(writing, first)
    clock.advance(seconds=KEPT_UNDONE / timedelta(seconds=1))
    assert forget_undone(city.context) == 1
    with pytest.raises(NoSuchImport):
        bring_in(writing, second)
