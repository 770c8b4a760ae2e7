"""What an administrator says of users and departments."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from agent_console.choices import options_of
from agent_console.labels import ROLES
from agent_console.phone_field import phone_field
from agent_console.words import _l
from hotline.people.actors import Role
from hotline.people.administration import LONGEST_NAME, LONGEST_REASON, PersonForm
from hotline.people.departments import LONGEST, UnitForm
from hotline.people.separation import GIVEN

_TOO_LONG = _l("太长了")


class UserForm(FlaskForm):
    """A user. `seen` is what the page showed before, `aware` that a department will not lead any more."""

    display_name = StringField(
        _l("姓名"), [InputRequired(_l("请填写名称。")), Length(max=LONGEST_NAME, message=_TOO_LONG)]
    )
    department = SelectField(_l("单位"))
    roles = SelectMultipleField(
        _l("岗位"),
        choices=options_of([(role, ROLES[role]) for role in GIVEN]),
        option_widget=CheckboxInput(),
        validate_choice=True,
    )
    aware = BooleanField(_l("我知道，仍要这样做"))
    seen = HiddenField()

    def offer(self, departments: Sequence[tuple[str, str]]) -> None:
        """The departments that there are: code and name."""
        self.department.choices = options_of(departments)

    def person(self, username: str) -> PersonForm:
        """What the core is told."""
        roles = frozenset(Role(role) for role in self.roles.data or ())
        return PersonForm(username, self.display_name.data or "", self.department.data or "", roles)


class NewUserForm(UserForm):
    """A user who does not exist yet."""

    username = StringField(
        _l("用户名"), [InputRequired(_l("请输入用户名")), Length(max=LONGEST_NAME, message=_TOO_LONG)]
    )


class ReasonForm(FlaskForm):
    """Why somebody's account is touched."""

    reason = StringField(
        _l("理由"), [InputRequired(_l("请写明理由。")), Length(max=LONGEST_REASON, message=_TOO_LONG)]
    )
    aware = BooleanField(_l("我知道，仍要这样做"))


class DepartmentForm(FlaskForm):
    """A department; its code is chosen once."""

    name_zh = StringField(
        _l("中文名称"), [InputRequired(_l("请填写名称。")), Length(max=LONGEST["name_zh"], message=_TOO_LONG)]
    )
    name_en = StringField(
        _l("英文名称"), [InputRequired(_l("请填写名称。")), Length(max=LONGEST["name_en"], message=_TOO_LONG)]
    )
    phone = phone_field(_l("电话"), [Length(max=LONGEST["phone"], message=_TOO_LONG)])
    responsible = StringField(
        _l("责任人（单位领导）"), [Length(max=LONGEST["responsible"], message=_TOO_LONG)]
    )
    contact = StringField(_l("联系人"), [Length(max=LONGEST["contact"], message=_TOO_LONG)])

    def unit(self, code: str) -> UnitForm:
        """What the core is told."""
        return UnitForm(code, **{name: self[name].data or "" for name in LONGEST})


class NewDepartmentForm(DepartmentForm):
    """A department that does not exist yet."""

    code = StringField(_l("代码"), [InputRequired(_l("请填写代码。")), Length(max=40, message=_TOO_LONG)])
