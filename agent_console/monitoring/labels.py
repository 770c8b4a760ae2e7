"""Words for supervisors' acts, and for why the core refused one."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _, _l
from hotline.monitoring import rules
from hotline.monitoring.models import Deed, Mode, SessionEnd

MODES: Labels = {
    Mode.LISTEN: _l("监听"),
    Mode.WHISPER: _l("耳语"),
    Mode.BARGE: _l("插话"),
    Mode.TAKE_OVER: _l("接管"),
}

MODE_HINTS: Labels = {
    Mode.LISTEN: _l("没有人听得到您，录音里也没有您"),
    Mode.WHISPER: _l("只有接线员听得到您，不进录音"),
    Mode.BARGE: _l("通话里的人都听得到您，您的声音单独录音"),
    Mode.TAKE_OVER: _l("由您和市民通话，接线员退出并进入整理"),
}

MODE_ICONS: Mapping[str, str] = {
    Mode.LISTEN: "headset",
    Mode.WHISPER: "microphone",
    Mode.BARGE: "people",
    Mode.TAKE_OVER: "transfer",
}

DEEDS: Labels = {
    Deed.LISTEN: _l("监听"),
    Deed.WHISPER: _l("耳语"),
    Deed.BARGE: _l("插话"),
    Deed.TAKE_OVER: _l("接管"),
    Deed.STOP: _l("结束监听"),
    Deed.PAUSE_SEAT: _l("强制暂停"),
    Deed.SIGN_OFF_SEAT: _l("强制下线"),
    Deed.MOVE_CALLER: _l("调整排队"),
    Deed.END_CALL: _l("结束通话"),
    Deed.PLAN_LIVE: _l("来电方案上线"),
    Deed.SURGE_ON: _l("打开高峰应急"),
    Deed.SURGE_OFF: _l("关闭高峰应急"),
    Deed.CREATE_USER: _l("新建用户"),
    Deed.RENAME_USER: _l("改姓名"),
    Deed.MOVE_USER: _l("换单位"),
    Deed.GRANT_ROLE: _l("授予岗位"),
    Deed.WITHDRAW_ROLE: _l("收回岗位"),
    Deed.DEACTIVATE_USER: _l("停用账号"),
    Deed.REACTIVATE_USER: _l("恢复账号"),
    Deed.RESET_PASSWORD: _l("重置密码"),
    Deed.RESET_FACTOR: _l("重置二次验证"),
    Deed.CREATE_DEPARTMENT: _l("新建单位"),
    Deed.EDIT_DEPARTMENT: _l("修改单位"),
    Deed.CLOSE_DEPARTMENT: _l("停用单位"),
    Deed.OPEN_DEPARTMENT: _l("恢复单位"),
    Deed.ANSWER_FINDING: _l("判定核对结果"),
    Deed.FAILED: _l("没有完成"),
}

SESSION_ENDS: Labels = {
    SessionEnd.STOPPED: _l("督办员结束"),
    SessionEnd.CALL_OVER: _l("通话结束"),
    SessionEnd.NOT_ANSWERED: _l("电话没有接起"),
    SessionEnd.FAILED: _l("没有接通"),
}

PLACES: Mapping[str, LazyString] = {"head": _l("排到最前"), "skill": _l("转到专线"), "seat": _l("指定坐席")}

NOBODY_TO_WHISPER_TO = _l("接线员已经不在这通电话里，不能耳语。")

_REFUSALS: Mapping[type[rules.MonitoringRefused], LazyString] = {
    rules.NoSuchCall: _l("没有这通电话，请刷新页面。"),
    rules.CallIsOver: _l("这通电话已经结束。"),
    rules.NothingToListenTo: _l("还没有人接这通电话，没有可以监听的内容。"),
    rules.NobodyToWhisperTo: NOBODY_TO_WHISPER_TO,
    rules.OnAnotherCall: _l("您正在另一通电话里，请先结束那一通。"),
    rules.NoOwnTelephone: _l("您的电话没有登录：请接上话机，或按“在本页接听”。"),
    rules.TelephoneElsewhere: _l("这通电话在另一台交换机上，您的电话没有登录到那里：请用网页电话监听。"),
    rules.OwnTelephoneBusy: _l("您的电话正在振铃或通话，请先接起或挂断。"),
    rules.HoldsTheCaller: _l("现在只有您在和市民通话，不能退到监听；请说完后结束。"),
    rules.ListeningToOneself: _l("这是您自己的通话。"),
    rules.NoSession: _l("您没有在监听。"),
    rules.NotWaiting: _l("这位市民已经不在排队。"),
    rules.SeatNotFree: _l("这个坐席现在不空闲，请换一位。"),
    rules.NoSuchLine: _l("没有这条专线，请刷新页面。"),
    rules.ReasonNeeded: _l("请写明理由。"),
}


def explain_monitoring(refusal: rules.MonitoringRefused) -> str:
    """One sentence about why a supervisor was refused."""
    if isinstance(refusal, rules.SomebodySpeaks):
        return _("%(name)s 正在这通电话里说话，同一时间只能有一位。您可以监听。", name=refusal.name)
    return str(_REFUSALS.get(type(refusal), _l("没有完成，请再试一次。")))
