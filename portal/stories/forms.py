"""The form a story is written with."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from portal.core import clock, words
from portal.core.settings import Settings
from portal.preferences.models import Interest
from portal.staff.models import Staff

lines = partial(words.clean, lines=True)
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_WORDS = "Small letters, digits and hyphens only, such as a-night-at-the-river."


class StoryForm(FlaskForm):
    """Everything of a story that can be typed."""

    title = StringField(
        "Title",
        [
            DataRequired("Please give the story a title."),
            Length(max=140, message="At most 140 characters, please."),
        ],
        filters=[words.clean],
    )
    slug = StringField(
        "Address",
        [
            Optional(),
            Length(max=80, message="At most 80 characters, please."),
            Regexp(SLUG, message=SLUG_WORDS),
        ],
        filters=[words.clean],
    )
    summary = TextAreaField(
        "Summary",
        [Optional(), Length(max=240, message="At most 240 characters, please.")],
        filters=[words.clean],
    )
    body = TextAreaField(
        "Story",
        [Optional(), Length(max=40_000, message="At most 40,000 characters, please.")],
        filters=[lines],
    )
    author = SelectField("Author", coerce=int)
    interests = SelectMultipleField("What it is about", [Optional()], coerce=int)
    upload = FileField("Picture", [Optional()])
    picture = HiddenField(filters=[words.clean])
    without_picture = BooleanField("Take the picture away")
    picture_alt = StringField(
        "What the picture shows",
        [Optional(), Length(max=300, message="At most 300 characters, please.")],
        filters=[words.clean],
    )
    agreed_on = DateField("The author agreed to be shown on", [Optional()])
    seen = HiddenField()

    def offer(self, interests: Iterable[Interest], authors: Iterable[Staff]) -> None:
        """Fill in what can be chosen."""
        self.interests.choices = [SelectChoice(one.id, one.name) for one in interests]
        self.author.choices = [
            SelectChoice(one.id, f"{one.name}, {one.title}" if one.title else one.name) for one in authors
        ]

    def validate_agreed_on(self, field: DateField) -> None:
        """Refuse a day that has not come yet."""
        if field.data and field.data > clock.now().date():
            raise ValidationError("That day has not come yet.")
        if field.data and field.data < date(2000, 1, 1):
            raise ValidationError("Please look at the year again.")

    def validate_picture(self, field: HiddenField) -> None:
        """Forget a picture that is to go; what else stands here is checked when it is kept."""
        if self.without_picture.data:
            field.data = ""


class PublishForm(FlaskForm):
    """Only a button."""


def settings_note(settings: Settings) -> str:
    """Return what can be uploaded, in words."""
    most = settings.max_picture_megapixels
    return f"JPEG, PNG or WebP, up to 10 MB and {most} megapixels. Where it was taken is removed."
