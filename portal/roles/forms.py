"""The forms around roles: what one looks for, and the role itself."""

from collections.abc import Iterable
from functools import partial

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from portal.core import words
from portal.events.forms import SLUG, is_web_address
from portal.members.models import Level, WorkMode
from portal.preferences.models import Interest, Place

lines = partial(words.clean, lines=True)
LEVELS = [SelectChoice(one.value, one.words) for one in Level]
WORK_MODES = [SelectChoice(one.value, one.words) for one in WorkMode]


class WishForm(FlaskForm):
    """What somebody looks for; read from the address, so it needs no token."""

    class Meta:
        """Looking changes nothing."""

        csrf = False

    about = SelectField("About", [Optional()], validate_choice=False)
    place = SelectField("Where", [Optional()], validate_choice=False)
    level = SelectField(
        "Level", [Optional()], validate_choice=False, choices=[SelectChoice("", "Any level"), *LEVELS]
    )
    mode = SelectField(
        "How much", [Optional()], validate_choice=False, choices=[SelectChoice("", "Any way"), *WORK_MODES]
    )
    remote = BooleanField("Can be done from home", false_values=("", "0", "n", "no", "false"))

    def offer(self, interests: Iterable[Interest], places: Iterable[Place]) -> None:
        """Fill in what can be chosen."""
        self.about.choices = [
            SelectChoice("", "Anything"),
            *(SelectChoice(one.slug, one.name) for one in interests),
        ]
        self.place.choices = [
            SelectChoice("", "Anywhere"),
            *(SelectChoice(one.slug, one.name) for one in places),
        ]


class RoleForm(FlaskForm):
    """Everything of a role that can be typed."""

    title = StringField(
        "Title",
        [
            DataRequired("Please give the role a title."),
            Length(max=140, message="At most 140 characters, please."),
        ],
        filters=[words.clean],
    )
    slug = StringField(
        "Address",
        [
            Optional(),
            Length(max=80, message="At most 80 characters, please."),
            Regexp(SLUG, message="Small letters, digits and hyphens only, such as firmware-engineer."),
        ],
        filters=[words.clean],
    )
    summary = TextAreaField(
        "Summary",
        [Optional(), Length(max=240, message="At most 240 characters, please.")],
        filters=[words.clean],
    )
    description = TextAreaField(
        "What one would do",
        [Optional(), Length(max=20_000, message="At most 20,000 characters, please.")],
        filters=[lines],
    )
    level = SelectField("Level", choices=[SelectChoice("", "Any level"), *LEVELS])
    work_mode = SelectField("How much", choices=[SelectChoice("", "Open to talk"), *WORK_MODES])
    pay = StringField(
        "Pay", [Optional(), Length(max=120, message="At most 120 characters, please.")], filters=[words.clean]
    )
    is_remote = BooleanField("It can be done from home")
    is_pool = BooleanField("It is not one vacancy, but a door that is always open")
    apply_url = StringField(
        "Where one applies",
        [Optional(), Length(max=500, message="At most 500 characters, please.")],
        filters=[words.clean],
    )
    interests = SelectMultipleField("What it is about", [Optional()], coerce=int)
    places = SelectMultipleField("Where it can be done", [Optional()], coerce=int)
    seen = HiddenField()

    def offer(self, interests: Iterable[Interest], places: Iterable[Place]) -> None:
        """Fill in what can be chosen."""
        self.interests.choices = [SelectChoice(one.id, one.name) for one in interests]
        self.places.choices = [SelectChoice(one.id, one.name) for one in places]

    def validate_apply_url(self, field: StringField) -> None:
        """Accept web addresses only."""
        if not is_web_address(field.data or ""):
            raise ValidationError("Please give a full address that begins with https://.")


class ButtonForm(FlaskForm):
    """Only a button."""
