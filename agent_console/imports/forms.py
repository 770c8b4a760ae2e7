"""The sheet to upload."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from agent_console.words import _l


class SheetForm(FlaskForm):
    """One file."""

    sheet = FileField(_l("表格文件"), [FileRequired(_l("请选择文件"))])
