"""Words for the steps of setting up, and for what `hotline check` looks at."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _, _l
from hotline.first_steps import Step

STEPS: Labels = {
    Step.TRUNK: _l("电话中继"),
    Step.NUMBERS: _l("热线号码与来电方案"),
    Step.DEPARTMENTS: _l("承办单位"),
    Step.USERS: _l("人员与岗位"),
    Step.HOLIDAYS: _l("节假日"),
}

PLACES: Mapping[str, str] = {
    Step.NUMBERS: "call_plan.overview",
    Step.DEPARTMENTS: "staff.listed",
    Step.USERS: "staff.listed",
    Step.HOLIDAYS: "deadlines.calculator",
}
"""Pages on which a step is seen to; an administrator may be let into some of them only."""

WHERE: Labels = {
    Step.TRUNK: _l("在服务器上设 HOTLINE_TRUNK_HOST，再运行 hotline up。说明见 docs/interfaces.md。"),
    Step.NUMBERS: _l("由督办员在“来电方案”里写好方案并上线。"),
    Step.DEPARTMENTS: _l("在“人员与单位”里新建单位，每个单位至少有一名承办人和一名审核人。"),
    Step.USERS: _l("在“人员与单位”里新建用户，给接线员编分机。"),
    Step.HOLIDAYS: _l("国务院公布放假安排后，在服务器上运行 pip install --upgrade chinesecalendar。"),
}

MACHINE: Mapping[str, LazyString] = {
    "configuration": _l("配置"),
    "state folder": _l("状态目录"),
    "spool folder": _l("录音目录"),
    "disk of the state folder": _l("状态目录的磁盘"),
    "disk of the spool folder": _l("录音目录的磁盘"),
    "database": _l("数据库"),
    "PBX": _l("电话交换机"),
    "prompts": _l("语音提示"),
    "speech model": _l("语音识别模型"),
    "recording keys": _l("录音加密密钥"),
    "mailbox": _l("来信邮箱"),
    "outgoing mail": _l("发信"),
    "front end": _l("网页程序"),
    "certificate": _l("线路证书"),
    "alarm of the line": _l("线路警报"),
}
"""By the finding's name; programs and processes keep their own."""

MENDING: Mapping[str, LazyString] = {
    "configuration": _l("恢复密钥文件，或删掉它，下次启动时重新生成。"),
    "state folder": _l("让运行热线的用户能写这个目录，或改设 HOTLINE_STATE_DIR。"),
    "spool folder": _l("让运行热线的用户能写这个目录，或改设 HOTLINE_SPOOL_DIR。"),
    "disk of the state folder": _l("腾出磁盘空间。"),
    "disk of the spool folder": _l("腾出磁盘空间，否则不能录音。"),
    "database": _l("确认数据库已启动，再在服务器上运行 hotline setup。"),
    "PBX": _l("在服务器上运行 hotline setup。"),
    "prompts": _l("在服务器上运行 hotline setup，它会合成缺少的提示语；也可以在“语音提示”里自己录。"),
    "speech model": _l("把 HOTLINE_VOSK_MODEL 设为解开的 Vosk 模型目录。"),
    "recording keys": _l("检查密钥文件，说明见 docs/recordings.md。"),
    "mailbox": _l("检查邮箱的地址和密码设置。"),
    "outgoing mail": _l("检查发信服务器的地址、密码和发信地址设置。"),
    "front end": _l("在服务器上运行 hotline setup。"),
    "certificate": _l("在服务器上运行 hotline certificates。"),
    "alarm of the line": _l("由督办员在“骚扰来电”的线路警报里查看并处理。"),
}


def process_name(name: str) -> str:
    """A finding that is of no kind of ours: a process, or a program."""
    kind, _space, which = name.partition(" ")
    return _("进程 %(name)s", name=which) if kind == "process" and which else _("程序 %(name)s", name=name)
