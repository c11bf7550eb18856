"""What a tagged link is called."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.core import words


class LinkForm(FlaskForm):
    """Somewhere that people find us."""

    name = StringField(
        "Where will people find this link?",
        [DataRequired("Please give it a name."), Length(max=120, message="At most 120 letters, please.")],
        filters=[words.clean],
    )


class DeedForm(FlaskForm):
    """Only the token."""
