"""What citizens read: short sentences, no word of the trade."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l
from hotline.appeals.models import AppealKind
from hotline.citizens.deeds import Deed
from hotline.citizens.progress import REACHED, Stage

STAGES: Mapping[Stage, LazyString] = {
    Stage.RECEIVED: _l("已收到"),
    Stage.SET_ASIDE: _l("没有登记"),
    Stage.QUESTION: _l("需要您补充"),
    Stage.HANDLING: _l("正在办理"),
    Stage.ON_HOLD: _l("暂时解决不了"),
    Stage.REPLIED: _l("已答复"),
    Stage.CLOSED: _l("已办结"),
    Stage.NOT_ACCEPTED: _l("没有受理"),
    Stage.TRANSFERRED: _l("已转给有关部门"),
    Stage.MERGED: _l("已和同一件事一起办理"),
    Stage.WITHDRAWN: _l("已撤回"),
}

EXPLAINED: Mapping[Stage, LazyString] = {
    Stage.RECEIVED: _l("热线正在看您反映的问题，看完会交给负责的部门。"),
    Stage.SET_ASIDE: _l("热线看过了，没有登记成工单，理由写在下面。您可以重新写一次，或拨打热线。"),
    Stage.QUESTION: _l("请把缺的情况告诉我们，补充之后才能接着办。"),
    Stage.HANDLING: _l("负责的部门正在办理，会和您联系。"),
    Stage.ON_HOLD: _l("这件事现在还解决不了，已经记录在案，到时候再办。"),
    Stage.REPLIED: _l("部门已经答复。热线会给您打电话，问您解决了没有。"),
    Stage.CLOSED: _l("这件事已经办完。还没解决的，30 天内可以要求重新办理，或拨打热线。"),
    Stage.NOT_ACCEPTED: _l("这件事不归热线办理。请看下面写的渠道。"),
    Stage.TRANSFERRED: _l("这件事由别的部门按它的规定办理。"),
    Stage.MERGED: _l("这件事另有工单正在办理，放在一起办。办完会告诉您。"),
    Stage.WITHDRAWN: _l("您已撤回，不再办理。"),
}

STEPS: Mapping[str, LazyString] = {
    "submit": _l("热线登记"),
    "answer_directly": _l("热线当场答复"),
    "answer_backoffice": _l("热线答复"),
    "hot_transfer": _l("转给紧急服务"),
    "ask_info": _l("请您补充情况"),
    "info_received": _l("收到您补充的情况"),
    "refuse": _l("没有受理"),
    "refusal_overturned": _l("改为受理"),
    "refer_out": _l("转给有关部门"),
    "external_receipt": _l("有关部门已回复"),
    "external_return": _l("有关部门退回，热线重新判断"),
    "merge": _l("和同一件事的另一件工单一起办理"),
    "unmerge": _l("单独办理"),
    "accept": _l("热线受理"),
    "dispatch": _l("交给部门办理"),
    "sign": _l("部门已接收"),
    REACHED: _l("部门和您联系"),
    "extension_approved": _l("办理期限延长"),
    "suspend": _l("暂时解决不了，记录在案"),
    "resume": _l("接着办理"),
    "accept_reply": _l("部门答复"),
    "answered_follow_up": _l("您已评价"),
    "close": _l("办结"),
    "unreachable": _l("回访没有打通，办结"),
    "master_closed": _l("办结"),
    "redispatch": _l("请部门重新办理"),
    "reopen": _l("重新办理"),
    "withdraw": _l("撤回"),
    "withdraw_cancelled": _l("恢复办理"),
    "reopen_exceptional": _l("重新办理"),
    "withdrawal_asked": _l("您申请撤回"),
    "withdrawal_refused": _l("没有撤回，继续办理"),
    "reopening_asked": _l("您要求重新办理"),
    "reopening_refused": _l("不重新办理"),
    "objected": _l("您提出异议"),
    "objection_rejected": _l("异议没有成立"),
    "reminded": _l("您催办"),
    "supplemented": _l("收到您补充的情况"),
    "enclosed": _l("收到您的附件"),
}

WISHES: Mapping[AppealKind, LazyString] = {
    AppealKind.WITHDRAWAL: _l("您申请撤回"),
    AppealKind.RELAPSE: _l("您要求重新办理"),
    AppealKind.NEW_FACTS: _l("您要求重新办理"),
    AppealKind.OBJECTION: _l("您提出异议"),
}

DONE: Mapping[Deed, LazyString] = {
    Deed.REMIND: _l("已告诉承办部门，您在催办。"),
    Deed.SUPPLEMENT: _l("已收到您补充的情况。"),
    Deed.RATE: _l("谢谢您的评价。"),
    Deed.WITHDRAW: _l("已撤回，不再办理。30 天内可以恢复。"),
    Deed.ASK_TO_WITHDRAW: _l("已收到您的撤回申请。热线会先给您打电话问清楚，再作决定；决定之前照常办理。"),
    Deed.TAKE_UP_AGAIN: _l("已恢复办理。"),
    Deed.REOPEN: _l("已收到您的申请，热线会作出决定。结果写在这里。"),
    Deed.OBJECT: _l("已收到您的异议，热线会另请一位工作人员重新看。结果写在这里。"),
}

NOT_NOW: Mapping[Deed, LazyString] = {
    Deed.REMIND: _l("现在不能催办：一天可以催一次，办理中才能催。"),
    Deed.SUPPLEMENT: _l("现在不能补充：一天最多补充五次，办完以后请拨打热线。"),
    Deed.RATE: _l("现在不能评价：您已经评价过，或热线正在给您打电话。"),
    Deed.WITHDRAW: _l("现在不能直接撤回：已交给部门办理的，可以申请撤回，或请拨打热线。"),
    Deed.ASK_TO_WITHDRAW: _l(
        "现在不能申请撤回：一天可以申请一次，部门正在办理时才能申请；特别紧急的事必须办完。"
    ),
    Deed.TAKE_UP_AGAIN: _l("现在不能恢复：撤回超过 30 天，或已经恢复。"),
    Deed.REOPEN: _l(
        "现在不能要求重新办理：办结 30 天内可以要求一次。超过的，请重新反映；还有不清楚的，请拨打热线。"
    ),
    Deed.OBJECT: _l("现在不能提出异议：没有受理的，10 天内可以提出一次。"),
}
