"""What citizens ask the hotline to decide, on its pages: their own, the list, the call, the decision."""

from flask import Flask

from hotline.people.actors import Actor, Role
from hotline.tickets.states import State
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen
from tests.integration.console.test_pages import _is_sound, number_of
from tests.integration.families import put, ticket_of
from tests.integration.test_core_appeals import asked_to_withdraw, closed, refused_ticket

ASKED = "自己装了加压泵"


def signed_in(app: Flask, actor: Actor) -> Browser:
    return Browser(app).sign_in(actor)


def test_a_withdrawal_goes_from_the_citizens_page_to_the_call_and_to_the_supervisor(
    app: Flask, city: City
) -> None:
    ticket_id, citizen = city.signed(), Citizen(app, city.context)
    number, page = number_of(city, ticket_id), citizen.open(ticket_id)
    assert "承办部门看不到您写的原因" in page
    assert citizen.post("/progress/ask-to-withdraw", why="").status_code == 422
    assert citizen.post("/progress/ask-to-withdraw", why=ASKED).location == "/progress/matter"
    page = citizen.page()
    assert "热线正在看，结果会写在这里" in page
    assert ASKED not in page
    department = signed_in(app, city.handler).get(f"/tickets/{number}")
    assert ASKED not in department
    assert "市民要求撤回" not in department

    caller = signed_in(app, city.callback_agent)
    assert "还没有回访核实（已拨 0 次）" in caller.get("/appeals")
    assert ASKED in caller.get(f"/appeals?open={number}")
    path = f"/tickets/{number}/appeal"
    assert caller.post(f"{path}/check", their_words="没人劝").status_code == 422
    done = {"heard": "freely", "their_words": "没人劝", "back": "appeals.queue"}
    assert caller.post(f"{path}/check", **done).location == "/appeals"
    assert "没有等处理的市民申请" in caller.get("/appeals")

    boss = signed_in(app, city.supervisor)
    assert "要求撤回，回访核实：自愿" in boss.get("/appeals")
    refused = boss.post(f"{path}/decision", why_so="理由写在这里")
    assert (refused.status_code, "理由写在这里" in refused.text) == (422, True)
    assert boss.post(f"{path}/decision", granting="yes", why_so="同意").status_code == 302
    assert ticket_of(city, ticket_id).state is State.WITHDRAWN
    history = boss.get(f"/tickets/{number}")
    for words in ("市民要求撤回", "回访核实撤回是否自愿", "已同意", ASKED):
        assert words in history


def test_an_unchecked_withdrawal_is_refused_in_words_and_can_only_go_on(app: Flask, city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    number, boss = number_of(city, ticket_id), signed_in(app, city.supervisor)
    assert "确认市民是自愿撤回" in boss.get(f"/appeals?open={number}")
    path = f"/tickets/{number}/appeal/decision"
    answer = boss.post(path, granting="yes", why_so="急着结案")
    assert (answer.status_code, "确认市民是自愿撤回" in answer.text, "急着结案" in answer.text) == (
        409,
        True,
        True,
    )
    boss.post(path, granting="no", why_so="联系不上您，先继续办理")
    citizen = Citizen(app, city.context)
    assert "没有撤回，继续办理。" in citizen.open(ticket_id)
    assert "联系不上您，先继续办理" in citizen.page()


def test_an_agent_writes_down_what_a_caller_wants_of_a_closed_ticket(app: Flask, city: City) -> None:
    number, agent = number_of(city, closed(city)), signed_in(app, city.agent)
    assert 'value="withdrawal"' not in agent.get(f"/tickets/{number}")
    path = f"/tickets/{number}/appeal"
    wrong = agent.post(path, wish="withdrawal", said="不要了")
    assert (wrong.status_code, "不要了" in wrong.text) == (409, True)
    assert agent.post(path, wish="relapse", said="又没有水了").status_code == 302
    boss = signed_in(app, city.supervisor)
    assert "问题又出现了" in boss.get("/appeals")
    boss.post(f"{path}/decision", granting="yes", why_so="属于复发")
    page = boss.get(f"/tickets/{number}")
    for words in ("待派单", "第几次重新办理", "属于复发"):
        assert words in page


def test_a_citizen_reopens_and_objects_from_the_page(app: Flask, city: City) -> None:
    for ticket_id, path, fields in (
        (closed(city), "reopen", {"kind": "objection", "again": "水压还是不够"}),
        (refused_ticket(city), "object", {"objection": "就是你们管的"}),
    ):
        citizen = Citizen(app, city.context)
        assert f'action="/progress/{path}"' in citizen.open(ticket_id)
        assert citizen.post(f"/progress/{path}", **fields).status_code == 302
        assert citizen.post(f"/progress/{path}", **fields).status_code == 409
        boss = signed_in(app, city.supervisor)
        number = number_of(city, ticket_id)
        assert "提出异议" in boss.get("/appeals")
        decision = {"granting": "yes", "why_so": "应当再看"}
        assert boss.post(f"/tickets/{number}/appeal/decision", **decision).status_code == 302
        assert ticket_of(city, ticket_id).state in (State.TO_DISPATCH, State.REGISTERED)


def test_only_the_director_opens_the_archive_and_an_anonymised_ticket_stays(app: Flask, city: City) -> None:
    ticket_id = closed(city)
    put(city, ticket_id, state=State.ARCHIVED)
    number = number_of(city, ticket_id)
    path, form = (
        f"/tickets/{number}/out-of-archive",
        {"found_by": "court", "document": "12 号", "cause": "判决"},
    )
    assert signed_in(app, city.supervisor).post(path, **form).status_code == 403
    director = signed_in(app, user(city.context, city.hotline_id, Role.DIRECTOR))
    empty = director.post(path, **{**form, "document": ""})
    assert (empty.status_code, "请写明是哪一份" in empty.text, "判决" in empty.text) == (422, True, True)
    put(city, ticket_id, anonymised_at=city.context.now())
    refused = director.post(path, **form)
    assert (refused.status_code, "工单已匿名化，看不出是谁" in refused.text) == (409, True)
    put(city, ticket_id, anonymised_at=None)
    assert director.post(path, **form).status_code == 302
    assert "法院裁判" in director.get(f"/tickets/{number}")


def test_a_leader_takes_a_closed_ticket_up_again_and_its_department_is_told(app: Flask, city: City) -> None:
    ticket_id = closed(city)
    number, path = number_of(city, ticket_id), f"/tickets/{number_of(city, ticket_id)}/take-up"
    assert signed_in(app, city.supervisor).post(path, order_reason="看看").status_code == 403
    leader = signed_in(app, user(city.context, city.police_id, Role.LEADER))
    assert f'action="{path}"' in leader.get(f"/tickets/{number}")
    empty = leader.post(path, order_reason="")
    assert (empty.status_code, "请写明理由" in empty.text) == (422, True)
    of_unit = signed_in(app, user(city.context, city.water_id, Role.LEADER))
    assert "您的单位承办过这件工单" in of_unit.get(f"/tickets/{number}")
    refused = of_unit.post(path, order_reason="想再看看")
    assert (refused.status_code, "您的单位承办过这件工单" in refused.text, "想再看看" in refused.text) == (
        409,
        True,
        True,
    )
    assert leader.post(path, order_reason="群众反映没有解决").status_code == 302
    department = signed_in(app, city.handler)
    assert "您单位办过，要重新办理，等热线派单" in department.get("/unit")
    assert "群众反映没有解决" in department.get(f"/tickets/{number}")
    put(city, ticket_id, state=State.ARCHIVED)
    page = leader.get(f"/tickets/{number}")
    assert ("由热线主任凭批示或结论特批" in page, f'action="{path}"' in page) == (True, False)


def test_the_pages_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    waiting, over, refused = asked_to_withdraw(city), closed(city), refused_ticket(city)
    browser.sign_in(all_rounder)
    for ticket_id in (waiting, over, refused):
        _is_sound(browser.get(f"/tickets/{number_of(city, ticket_id)}"), language)
    _is_sound(browser.get(f"/appeals?open={number_of(city, waiting)}"), language)
