"""A page's session asks once; one that writes, and one that was told nothing, ask anew."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once, is_known, keep_answers
from hotline.database import Database

_asked: list[int] = []


@asked_once
def question(_session: Session, number: int) -> int:
    """An answer that is another every time."""
    _asked.append(number)
    return len(_asked)


def test_a_session_that_keeps_answers_asks_each_question_once(tmp_path: Path) -> None:
    _asked.clear()
    database = Database(f"sqlite:///{tmp_path}/none.sqlite")
    with database.reading() as session:
        assert [question(session, 7), question(session, 7)] == [1, 2]
        keep_answers(session)
        is_known(session, question, 0, 9)
        assert [question(session, one) for one in (7, 7, 8, 9, 7)] == [3, 3, 4, 0, 3]
    with database.reading() as another:
        assert question(another, 7) == 5
    with database.writing() as session, pytest.raises(ValueError, match="asks anew"):
        keep_answers(session)
    database.dispose()
