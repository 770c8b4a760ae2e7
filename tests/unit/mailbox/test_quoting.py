"""Our own letter is cut out of its answer, in the ways of the usual programs; everybody else's words stay."""

import pytest

from hotline.mailbox.letters import read
from hotline.mailbox.quoting import Signs, own_words
from tests.unit.mailbox.test_letters import letter

US, NUMBER, ENDING = "12345@city.example", "20200504YX000017", "兰州12345政务服务便民热线"
SIGNS = Signs(US, NUMBER, (ENDING,))
OURS = f"您好！\n办理您的来信（编号 {NUMBER}）还需要您补充以下情况：\n\n是哪一个路口？\n\n{ENDING}"
MARKED = "\n".join(f"> {line}" for line in OURS.split("\n"))
OUTLOOK = (
    f"发件人: 兰州 12345 <{US}>\n发送时间: 2020年5月4日 10:00\n收件人: li@example.com\n主题: 请您补充情况\n"
)
QQ = f'------------------ 原始邮件 ------------------\n发件人: "兰州 12345" <{US}>;\n发送时间: 2020年5月4日\n'


@pytest.mark.parametrize(
    "below",
    [
        f"On Mon, May 4, 2020 at 10:00 AM 兰州 12345 <\n{US}> wrote:\n\n{MARKED}",
        f"2020年5月4日 10:00，兰州 12345 <{US}> 写道：\n\n{MARKED}",
        f"On 5/4/20 10:00 AM, 兰州 12345 wrote:\n{MARKED}",
        f'在 2020-05-04 10:00:00，"兰州 12345" <{US}> 写道：\n{OURS}',
        f"{QQ}\n{OURS}",
        f"________________________________\n{OUTLOOK}\n{OURS}",
        f"-----Original Message-----\nFrom: 12345 <{US.upper()}>\nSent: Monday\nSubject: x\n\n{OURS}",
        f"{OUTLOOK}\n您好！\n是哪一个路口？",  # its end is missing
        MARKED,
    ],
)
def test_our_letter_goes(below: str) -> None:
    assert own_words(f"幸福路东头。\n\n谢谢\n\n{below}", SIGNS) == "幸福路东头。\n\n谢谢"
    assert own_words(below, SIGNS) == ""


def test_answers_between_and_below_stay() -> None:
    between = f"写道：\n> 您好！编号 {NUMBER}\n> 是哪一个路口？\n幸福路。\n> {ENDING}\n谢谢"
    assert own_words(between, SIGNS) == "幸福路。\n谢谢"
    assert own_words(f"{QQ}\n{OURS}\n\n幸福路东头。", SIGNS) == "幸福路东头。"


@pytest.mark.parametrize(
    "text",
    [
        "物业这样说：\n> 明年再修\n请处理",
        "On Monday the landlord wrote:\n> next year\nPlease see to it.",
        "-----Original Message-----\nFrom: wuye@example.com\nSent: Monday\n\n明年再修",
        f"From: our house to {US}\nit is far",
        f"我给 {US} 写过信，编号 {NUMBER}，没有人理",
    ],
)
def test_what_is_not_ours_stays(text: str) -> None:
    assert own_words(text, SIGNS) == text


def test_what_a_letter_answers_is_read_nearest_first() -> None:
    head = "References: <a@x> <b@x>\r\n <c@x>\r\nIn-Reply-To: <c@x>\r\n"
    assert read(letter(head=head)).answers == ("<c@x>", "<b@x>", "<a@x>")
    assert read(letter()).answers == ()
