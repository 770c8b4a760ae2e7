"""Files in a citizen's form. What is cheap is looked at first; inspecting takes seconds and comes last."""

from collections.abc import Sequence
from threading import Lock

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from agent_console.file_words import refused_to_citizen, size_words
from agent_console.house import house
from agent_console.words import _
from hotline.config import Settings
from hotline.evidence.apart import Inspected, inspect
from hotline.evidence.enclosures import KINDS
from hotline.evidence.faults import Fault, FileRefused, Unfit
from hotline.evidence.kinds import FORMS, recognised, told_name

MOST_AT_ONCE = 5
"""Files in one form."""

PATIENCE_S = 20

# Whoever sends files has no account: calls go before them, so a process reads one citizen's files at a time.
_ONE_AT_A_TIME = Lock()


class EnclosuresField(MultipleFileField):
    """Photographs and PDFs. `validate` asks number, size, name, beginning; `inspect` reads them through."""

    def __init__(self, label: object = None, **settings: object) -> None:
        super().__init__(label, **settings)
        self.sent: Sequence[tuple[str, bytes]] = ()
        self.inspected: Sequence[Inspected] = ()

    def pre_validate(self, form: FlaskForm) -> None:
        """The first file that cannot be taken is told of."""
        uploads = [upload for upload in self.data or () if upload.filename]
        if len(uploads) > most_at_once():
            raise ValidationError(_("一次最多上传 %(count)d 个文件", count=most_at_once()))
        largest, total = _settings().enclosure_bytes, _settings().enclosure_total_bytes
        self.sent = [(told_name(one.filename), one.read(largest + 1)) for one in uploads]
        try:
            for name, content in self.sent:
                _check(name, content, largest)
        except FileRefused as refusal:
            raise ValidationError(refused_to_citizen(refusal)) from None
        if sum(len(content) for _name, content in self.sent) > total:
            raise ValidationError(_("几个文件加起来不能超过 %(size)s", size=size_words(total)))

    def inspect(self) -> bool:
        """Whether all may be kept; `inspected` holds them then, and `errors` why not."""
        if not self.sent:
            return True
        if not _ONE_AT_A_TIME.acquire(timeout=PATIENCE_S):
            self.errors = [_("现在传文件的人太多，请过一会儿再提交")]
            return False
        try:
            largest = _settings().enclosure_bytes
            self.inspected = [inspect(name, content, largest) for name, content in self.sent]
        except FileRefused as refusal:
            self.errors = [refused_to_citizen(refusal)]
            return False
        finally:
            _ONE_AT_A_TIME.release()
        return True


def most_at_once() -> int:
    """Files in one form: never more than a matter may have."""
    return min(MOST_AT_ONCE, _settings().enclosure_files)


def enclosure_limits() -> dict[str, object]:
    """What a form says about files. `at_once` is 0 where none are taken."""
    return {
        "accept": ",".join(f".{ending}" for kind in sorted(KINDS) for ending in FORMS[kind].endings),
        "largest": size_words(_settings().enclosure_bytes),
        "at_once": most_at_once(),
    }


def _check(name: str, content: bytes, largest: int) -> None:
    try:
        if recognised(name, content, largest) not in KINDS:
            raise Unfit(Fault.UNKNOWN_KIND)
    except Unfit as unfit:
        raise FileRefused(name, unfit.fault) from None


def _settings() -> Settings:
    return house().context.settings
