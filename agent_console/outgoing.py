"""What letters that go out are called, and why one did not."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.contacts.models import NoAnswer
from hotline.outbox.rules import Kind, Reason

KINDS: Labels = {
    Kind.RECEIPT: _l("收件回执"),
    Kind.QUESTION: _l("请补充情况"),
    Kind.REFUSAL: _l("不予受理告知"),
    Kind.ANSWER: _l("答复"),
}

REASONS: Labels = {
    Reason.NO_PASSWORD: _l("读不到密码文件"),
    Reason.UNREACHABLE: _l("连不上邮件服务器"),
    Reason.NOT_TRUSTED: _l("邮件服务器的证书不受信任"),
    Reason.REFUSED: _l("用户名或密码不对"),
    Reason.REFUSED_SENDER: _l("邮件服务器不许用这个发信地址"),
    Reason.CONFUSED: _l("邮件服务器的应答不对"),
    Reason.NOT_NOW: _l("邮件服务器一直说稍后再试"),
    Reason.REFUSED_ADDRESS: _l("市民的邮箱地址收不了信"),
    Reason.REFUSED_LETTER: _l("邮件服务器拒收这封信"),
}

NO_ANSWERS: Labels = {
    NoAnswer.AUTOMATIC: _l("自动发出或群发的信，不回邮件。"),
    NoAnswer.OWN: _l("我们自己的地址发来的信，不回邮件。"),
    NoAnswer.NO_ADDRESS: _l("来信没有能回的地址，不回邮件。"),
    NoAnswer.EARLIER: _l("开通回信以前的信，不回邮件。"),
}
