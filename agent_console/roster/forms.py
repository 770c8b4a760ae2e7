"""What comes with a week that is written."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired


class WeekForm(FlaskForm):
    """What the person saw; the cells have names of their own, `cell-<person>-<day>`."""

    revision = IntegerField(validators=[InputRequired()])
