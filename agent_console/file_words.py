"""The words for attached files: what they are for, and why one is not taken."""

from agent_console.labels import Labels
from agent_console.words import _, _l
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.models import Purpose

PURPOSES: Labels = {
    Purpose.HANDLING: _l("办理附件"),
    Purpose.CONTACT: _l("联系证据"),
    Purpose.DOCUMENT: _l("证件材料"),
}

FAULTS: Labels = {
    Fault.EMPTY: _l("文件是空的"),
    Fault.TOO_LARGE: _l("文件太大"),
    Fault.UNKNOWN_KIND: _l("不是可以上传的文件类型"),
    Fault.NOT_AS_NAMED: _l("内容和文件名的类型不一致，请用原来的程序另存后再上传"),
    Fault.TWO_IN_ONE: _l("里面夹带了另一种文件，请重新导出后再上传"),
    Fault.DAMAGED: _l("文件已损坏，打不开"),
    Fault.LOCKED: _l("文件有密码，请去掉密码后再上传"),
    Fault.ACTIVE: _l("含有宏、脚本或自动执行的内容，请去掉后再上传"),
    Fault.EMBEDDED: _l("里面嵌有别的文件，请分开上传"),
    Fault.EXTERNAL: _l("打开时会从别处取内容，请去掉外部引用后再上传"),
    Fault.TOO_COMPLEX: _l("图太大或内容太多，无法检查，请缩小后再上传"),
    Fault.MOVING: _l("是动图，请上传静止的图片"),
    Fault.TOO_MANY: _l("本单位在这件工单上的附件已到上限"),
    Fault.ALREADY_THERE: _l("同样的文件已经上传过"),
    Fault.NOT_KEPT: _l("没有存下来，可能是磁盘已满，请联系系统管理员"),
}

# To a citizen, who knows of no department's measure and no administrator.
TO_CITIZENS: Labels = {
    **FAULTS,
    Fault.UNKNOWN_KIND: _l("只能上传照片（JPG、PNG、WEBP）和 PDF"),
    Fault.TOO_MANY: _l("这件事的附件已到上限，没有保存"),
    Fault.NOT_KEPT: _l("没有存下来，请稍后再试，或拨打热线"),
}


def refused(refusal: FileRefused, words: Labels = FAULTS) -> str:
    """`现场.pdf：文件有密码，请去掉密码后再上传。`"""
    return _("%(file)s：%(reason)s。", file=refusal.name, reason=str(words[refusal.fault]))


def refused_to_citizen(refusal: FileRefused) -> str:
    """The same on the citizens' pages."""
    return refused(refusal, TO_CITIZENS)


def size_words(size: int) -> str:
    """`1.4 MB`, `10 MB`, `12 KB`: never less than one."""
    if size >= 1024 * 1024:
        return f"{round(size / 1024 / 1024, 1):g} MB"
    return f"{max(1, round(size / 1024))} KB"
