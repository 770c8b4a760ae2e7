"""What supervisors see of anonymising: how much is due, what was done, and a ticket afterwards."""

from hotline.intake.web import Matter, write
from hotline.retention.anonymising import anonymise_due
from tests.factories import City, FixedClock
from tests.integration.console.conftest import Browser


def test_the_page_tells_what_is_due_and_what_was_done(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    number = write(city.context, "k", Matter("我叫王小明，路灯不亮", place="幸福路 8 号")).number
    browser.sign_in(city.supervisor)
    assert "到期 1 件" not in browser.get("/retention")
    clock.advance(days=731)
    page = browser.get("/retention")
    assert ("到期 1 件" in page, number in page) == (True, False)
    assert anonymise_due(city.context) == 1
    page = browser.get("/retention")
    assert ("到期 1 件" in page, number in page) == (False, True)
    page = browser.get(f"/tickets/{number}")
    for words in ("已匿名化", "路灯不亮", "个人信息已去除"):
        assert words in page
    assert "幸福路" not in page
