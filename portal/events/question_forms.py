"""The forms in which staff write what guests are asked, and say who of the team is there."""

from collections.abc import Iterable, Sequence
from functools import partial

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.form import Form
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal.core import words
from portal.events.details import MOST_QUESTIONS, Question, QuestionKind
from portal.staff.models import Staff

lines = partial(words.clean, lines=True)
MOST_OPTIONS = 12


class QuestionForm(Form):
    """One question; left empty, it is not asked."""

    words = StringField(
        "Question",
        [Optional(), Length(max=140, message="At most 140 characters, please.")],
        filters=[words.clean],
    )
    kind = RadioField(
        "How it is answered",
        choices=[SelectChoice(one.value, one.words) for one in QuestionKind],
        default=QuestionKind.text.value,
    )
    options = TextAreaField("The list, one choice a line", [Optional()], filters=[lines])
    is_required = BooleanField("It must be answered")

    @property
    def chances(self) -> list[str]:
        """What can be chosen, without empty and double lines."""
        found = (words.clean(line) for line in (self.options.data or "").split("\n"))
        return list(dict.fromkeys(line for line in found if line))

    @property
    def options_text(self) -> str:
        """The list as it is kept."""
        return "\n".join(self.chances)

    def validate_options(self, field: TextAreaField) -> None:
        """A list needs choices."""
        if not self.words.data or self.kind.data == QuestionKind.text:
            return
        if not 2 <= len(self.chances) <= MOST_OPTIONS:
            raise ValidationError(f"Please give between 2 and {MOST_OPTIONS} choices, one a line.")
        if any(len(one) > 100 for one in self.chances):
            raise ValidationError("A choice has at most 100 characters, please.")


class QuestionsForm(FlaskForm):
    """Up to three questions."""

    first = FormField(QuestionForm)
    second = FormField(QuestionForm)
    third = FormField(QuestionForm)

    @property
    def all(self) -> list[QuestionForm]:
        """The three, in their order."""
        return [self.first.form, self.second.form, self.third.form]

    @property
    def written(self) -> list[QuestionForm]:
        """Those that ask something."""
        return [one for one in self.all if one.words.data]

    def show(self, stored: Sequence[Question]) -> None:
        """Fill in what is asked now."""
        for form, one in zip(self.all, stored[:MOST_QUESTIONS], strict=False):
            form.words.data, form.kind.data = one.words, one.kind.value
            form.options.data, form.is_required.data = one.options, one.is_required


class TeamForm(FlaskForm):
    """Who of the team is there besides the host."""

    hosts = SelectMultipleField("Hosts too", [Optional()], coerce=int)
    others = SelectMultipleField("Also there", [Optional()], coerce=int)

    def offer(self, people: Iterable[Staff]) -> None:
        """Fill in who works here."""
        chances = [
            SelectChoice(one.id, f"{one.name}, {one.title}" if one.title else one.name) for one in people
        ]
        self.hosts.choices, self.others.choices = chances, list(chances)


class MessageForm(FlaskForm):
    """A word to guests, and the number of people typed by hand."""

    subject = StringField(
        "Subject",
        [
            DataRequired("Please give it a subject."),
            Length(max=140, message="At most 140 characters, please."),
        ],
        filters=[words.clean],
    )
    text = TextAreaField(
        "What you want to say",
        [
            DataRequired("Please write something."),
            Length(max=5000, message="At most 5,000 characters, please."),
        ],
        filters=[lines],
    )
    typed = StringField("How many people get it", filters=[words.clean])
    once = HiddenField(filters=[words.clean], validators=[Length(max=32)])
