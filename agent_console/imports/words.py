"""The words for what is wrong with a sheet and its rows."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.language import is_english
from agent_console.obstacles import INTAKE_OBSTACLES
from agent_console.words import LazyString, _, _l
from hotline.imports.columns import Column, columns, words_of
from hotline.imports.rules import MOST_COLUMNS, MOST_ROWS, Fault, RowFault, SheetRefused, Wrong
from hotline.intake.rules import Obstacle

WRONGS: Mapping[Wrong, LazyString] = {
    Wrong.NOT_TEXT: _l("文字编码不对：CSV 请用 UTF-8 或 GB18030（GBK）另存后再上传"),
    Wrong.QUOTES: _l("CSV 的引号没有成对，请用表格软件重新导出"),
    Wrong.NO_ROWS: _l("表里没有内容：第一行是表头，从第二行起一行一件"),
    Wrong.UNKNOWN_HEADING: _l("不认识这些表头，请改成模板里的写法，或删去这些列"),
    Wrong.DOUBLE_HEADING: _l("同一列出现了两次"),
    Wrong.MISSING_HEADING: _l("缺少必填的列"),
    Wrong.TOO_MANY_ROWS: _l("行数太多，请分成几个文件"),
    Wrong.TOO_MANY_COLUMNS: _l("列数太多，请用模板"),
    Wrong.SEVERAL_SHEETS: _l("有几张工作表里有内容，请只留一张"),
    Wrong.CAME_BEFORE: _l("这个文件已经导入过"),
}

FAULTS: Labels = {
    Fault.MISSING: _l("必填，请填写"),
    Fault.UNKNOWN_WORD: _l("不是可以填的词"),
    Fault.UNKNOWN_CATEGORY: _l("分类表里没有这一类"),
    Fault.SEVERAL_CATEGORIES: _l("有几个同名的分类，请写成“上级 / 本级”"),
    Fault.TOO_LONG: _l("太长，或含有不能保存的字符"),
    Fault.TOO_MANY: _l("诉求太多，一件最多 20 项，请分开"),
    Fault.NO_DATE: _l("不是日期，请写成 2026-11-29 08:30"),
    Fault.FORMULA: _l("是公式，不会计算，请粘贴为数值"),
    Fault.BROKEN: _l("是公式的错误值"),
    Fault.CUT_NUMBER: _l("数字太长，表格软件已丢失末尾几位，请把这一列设为文本后重填"),
    Fault.NO_PLACE: _l("地点和联系电话请至少写一样"),
    Fault.NOT_YOURS: _l("这个渠道的来件不由您登记"),
    Fault.SEALED: _l("密封件不能用表格导入，请在来件登记里逐件登记"),
    Fault.TWICE: _l("和前面的一行重复"),
    Fault.EXTRA_CELL: _l("有内容写在没有表头的列里"),
}


def heading(column: Column) -> str:
    """The column's name in the reader's language."""
    return column.en if is_english() else column.zh


def choices_in(column: Column) -> list[str]:
    """The words that may stand in it, in the reader's language; none where anything may."""
    at = 1 if is_english() else 0
    return [words[at] for words in words_of(column.name).values()]


def told(refusal: SheetRefused) -> str:
    """Why nothing of the sheet was looked at."""
    named = [heading(columns()[one]) if one in columns() else one for one in refusal.what]
    reason = str(WRONGS[refusal.wrong])
    if named:
        return _("%(reason)s：%(names)s。", reason=reason, names=_("、").join(named))
    if refusal.wrong is Wrong.TOO_MANY_ROWS:
        return _("%(reason)s，一个文件最多 %(count)d 行。", reason=reason, count=MOST_ROWS)
    if refusal.wrong is Wrong.TOO_MANY_COLUMNS:
        return _("%(reason)s，最多 %(count)d 列。", reason=reason, count=MOST_COLUMNS)
    return _("%(reason)s。", reason=reason)


def fault_told(fault: RowFault) -> str:
    """`收到时间：不是日期，请写成 2026-11-29 08:30。`"""
    reason = _reason(fault)
    if not fault.column:
        return _("%(reason)s。", reason=reason)
    return _("%(field)s：%(reason)s。", field=heading(columns()[fault.column]), reason=reason)


def _reason(fault: RowFault) -> str:
    if isinstance(fault.fault, Obstacle):
        if fault.known:
            return _("这个编号的来件已经登记过：工单 %(number)s", number=fault.known)
        return str(INTAKE_OBSTACLES[fault.fault])
    reason = str(FAULTS[fault.fault])
    if fault.fault is Fault.UNKNOWN_WORD:
        return _(
            "%(reason)s：%(names)s", reason=reason, names=_("、").join(choices_in(columns()[fault.column]))
        )
    if fault.fault is Fault.TWICE:
        return _("%(reason)s：第 %(line)s 行", reason=reason, line=fault.known)
    return reason
