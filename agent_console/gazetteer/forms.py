"""What an editor says of a place."""

import re
from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options_of
from agent_console.words import LazyString, _l
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import LONGEST_DISTRICT, LONGEST_NAME, Named

KINDS: Mapping[str, LazyString] = {
    PlaceKind.DISTRICT: _l("区县"),
    PlaceKind.STREET: _l("街道（镇）"),
    PlaceKind.ROAD: _l("道路"),
    PlaceKind.COMMUNITY: _l("小区、社区"),
}
LONGEST_ALIASES = 700


class PlaceForm(FlaskForm):
    """One place. Other names are parted by commas or spaces."""

    kind = SelectField(_l("类别"), choices=options_of(KINDS))
    name = StringField(_l("名称"), [InputRequired(), Length(min=2, max=LONGEST_NAME)])
    district = StringField(_l("所在区（县）"), [Length(max=LONGEST_DISTRICT)])
    street = StringField(_l("所属街道"), [Length(max=LONGEST_NAME)])
    aliases = StringField(_l("别名"), [Length(max=LONGEST_ALIASES)])

    def named(self) -> Named:
        """What the core is asked to keep."""
        return Named(
            kind=PlaceKind(self.kind.data),
            name=self.name.data,
            district=self.district.data or "",
            street=self.street.data or "",
            aliases=[alias for alias in re.split(r"[,，、;；\s]+", self.aliases.data or "") if alias],
        )
