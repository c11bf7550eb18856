"""The forms of invitations: for whom, a line of one's own, and the number of people typed by hand."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import Length, Optional, ValidationError

from portal.core import words

EVERYBODY = 0
lines = partial(words.clean, lines=True)


def _is_personal(_form: Any, field: Any) -> None:
    if found := words.impersonal_opening(field.data or ""):
        raise ValidationError(f"“{found}” is nobody's name. The letter greets each person by theirs already.")


class InvitationForm(FlaskForm):
    """Whom we invite, and a line of one's own."""

    segment = SelectField("Whom we invite", coerce=int)
    line = TextAreaField(
        "A line of your own",
        [Optional(), Length(max=1000, message="At most 1,000 characters, please."), _is_personal],
        filters=[lines],
    )

    def offer(self, segments: Sequence[tuple[int, str]]) -> None:
        """Fill in the segments."""
        self.segment.choices = [
            SelectChoice(EVERYBODY, "Everybody who chose to hear of events"),
            *(SelectChoice(key, name) for key, name in segments),
        ]


class NumberForm(FlaskForm):
    """The number of people, typed to show that it was seen."""

    number = StringField("How many people get it?", filters=[words.clean])

    @property
    def typed(self) -> int | None:
        """The typed number, however its thousands are set apart."""
        digits = (self.number.data or "").translate(str.maketrans("", "", ",. '"))
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


class PressForm(FlaskForm):
    """Only the token: for buttons."""
