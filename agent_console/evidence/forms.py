"""Files to attach, and one to take back."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from agent_console.choices import options, options_of
from agent_console.evidence.limits import MOST_AT_ONCE
from agent_console.file_words import PURPOSES, refused
from agent_console.house import house
from agent_console.words import _, _l
from hotline.evidence.apart import Inspected, inspect
from hotline.evidence.faults import FileRefused
from hotline.evidence.models import Attachment, Purpose


class EvidenceField(MultipleFileField):
    """Files of whoever fills the form in, inspected: `inspected` holds them once the form is valid."""

    def __init__(self, label: object = None, must: bool = False, **settings: object) -> None:
        super().__init__(label, **settings)
        self.must = must
        self.inspected: Sequence[Inspected] = ()

    def pre_validate(self, form: FlaskForm) -> None:
        """Inspect every file; the first one that is refused is told of."""
        uploads = [upload for upload in self.data or () if upload.filename]
        if self.must and not uploads:
            raise ValidationError(_("请选择文件"))
        if len(uploads) > MOST_AT_ONCE:
            raise ValidationError(_("一次最多上传 %(count)d 个文件", count=MOST_AT_ONCE))
        largest = house().context.settings.evidence_bytes
        try:
            self.inspected = [inspect(one.filename, one.read(largest + 1), largest) for one in uploads]
        except FileRefused as refusal:
            raise ValidationError(refused(refusal)) from None


class AttachForm(FlaskForm):
    """Files, and what they are for."""

    files = EvidenceField(_l("附件"), must=True)
    purpose = RadioField(
        _l("用途"),
        [InputRequired(_l("请选择"))],
        choices=options_of(PURPOSES),
        default=str(Purpose.HANDLING),
    )


class WithdrawForm(FlaskForm):
    """Which file is taken back, and why; `withdraw_form` gives the choice."""

    attachment = SelectField(_l("撤回哪个附件"), [InputRequired(_l("请选择"))], coerce=str)
    reason = StringField(
        _l("撤回理由"), [InputRequired(_l("请写明理由")), Length(max=500)], id="withdrawal-reason"
    )


def withdraw_form(own: Sequence[Attachment], posted: bool) -> WithdrawForm:
    """The form for these files of the department: as it was sent, or new."""
    form = WithdrawForm() if posted else WithdrawForm(formdata=None)
    form.attachment.choices = options(*((one.id, one.name) for one in own))
    return form
