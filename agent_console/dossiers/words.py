"""The words for files of tickets."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.dossiers.models import DossierState, Ground

GROUNDS: Labels = {
    Ground.ACCESS: _l("市民查阅本人信息（不含内部处理意见）"),
    Ground.HAND_OVER: _l("移交其他机关（全部）"),
}

STATES: Labels = {
    DossierState.MAKING: _l("正在生成"),
    DossierState.READY: _l("可以下载"),
    DossierState.FAILED: _l("没有做成，请再申请一次或联系系统管理员"),
    DossierState.GONE: _l("已过三天，文件已删除"),
}

REFUSED: Labels = {
    "receiver": _l("请写明交给谁"),
    "reason": _l("请写明理由"),
    "": _l("这件工单不能导出"),
}
