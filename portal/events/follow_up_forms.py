"""The forms of letters after an event: their words, and the number of people typed by hand."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from portal.core import words
from portal.events.follow_ups import Words
from portal.events.forms import is_web_address
from portal.stories.models import Story

lines = partial(words.clean, lines=True)


def _is_plain(_form: Any, field: Any) -> None:
    if "%%" in (field.data or ""):
        raise ValidationError("Two percent signs cannot stand side by side.")


def _is_personal(_form: Any, field: Any) -> None:
    if found := words.impersonal_opening(field.data or ""):
        raise ValidationError(f"“{found}” is nobody's name. The letter greets each person by theirs already.")


class FollowUpForm(FlaskForm):
    """The words of a letter, a line of one's own, and what goes along."""

    subject = StringField(
        "Subject",
        [
            DataRequired("Please give the letter a subject."),
            Length(max=140, message="At most 140 characters, please."),
            _is_plain,
        ],
        filters=[words.clean],
    )
    text = TextAreaField(
        "What we say to all of them",
        [
            DataRequired("Please say something."),
            Length(max=4000, message="At most 4,000 characters, please."),
            _is_plain,
            _is_personal,
        ],
        filters=[lines],
    )
    line = TextAreaField(
        "A line of your own",
        [Optional(), Length(max=1000, message="At most 1,000 characters, please."), _is_plain],
        filters=[lines],
    )
    story = SelectField("A story to read", coerce=int)
    video_url = StringField(
        "A video to watch",
        [Optional(), Length(max=500, message="At most 500 characters, please."), _is_plain],
        filters=[words.clean],
    )

    def offer(self, stories: Iterable[Story]) -> None:
        """Fill in the stories that can go along."""
        self.story.choices = [
            SelectChoice(0, "No story"),
            *(SelectChoice(one.id, one.title) for one in stories),
        ]

    def validate_video_url(self, field: StringField) -> None:
        """Accept web addresses only."""
        if not is_web_address(field.data or ""):
            raise ValidationError("Please give a full address that begins with https://.")

    @property
    def words(self) -> Words:
        """What was typed."""
        return Words(
            self.subject.data or "",
            self.text.data or "",
            self.line.data or "",
            self.story.data or None,
            self.video_url.data or "",
        )


class DeedForm(FlaskForm):
    """Discard, or take back out."""

    deed = StringField(validators=[AnyOf(["discard", "restore"])])


class SendForm(FlaskForm):
    """The number of people, typed to show that it was seen."""

    number = StringField("How many people get it?", filters=[words.clean])
    shown = HiddenField()

    @property
    def typed(self) -> int | None:
        """The typed number, however its thousands are set apart."""
        digits = (self.number.data or "").translate(str.maketrans("", "", ",. '"))
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
