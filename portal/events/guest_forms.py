"""The forms of those who come: a name and an address, the questions of the event, and what only the hosts read."""

import types
from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError

from portal.core import doorbell, words
from portal.core.doorbell import AddressField
from portal.events.details import Details, Question, QuestionKind
from portal.events.models import Format, Way
from portal.members import consent_texts
from portal.members.forms import LONGEST, QUICKEST

lines = partial(words.clean, lines=True)
LONGEST_ANSWER = 1000
_SOURCE_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
Any_Form = TypeVar("Any_Form", bound="DetailsForm")


def source(text: str | None) -> str:
    """Return the tag of a link that somebody came by; only letters, digits and -_. of it."""
    return "".join(sign for sign in (text or "").lower() if sign in _SOURCE_SIGNS)[:60]


def _zone(text: str | None) -> str:
    """Return the zone that the browser told us, "" for anything else."""
    return text if text and text in available_timezones() else ""


class DetailsForm(FlaskForm):
    """What we ask of everybody who comes. Only the questions marked so must be answered."""

    way = RadioField("How will you come?", [Optional()], choices=[], validate_choice=False)
    is_shown = BooleanField("Show my name to the others who come")
    need = TextAreaField(
        "Something you need to take part",
        [Optional(), Length(max=LONGEST_ANSWER, message="At most 1,000 characters, please.")],
        filters=[lines],
    )
    questions: Sequence[Question] = ()

    def offer(self, how: Format, left: dict[Way, str]) -> None:
        """Fill in how one can come, with what is free; nothing to choose where there is one way."""
        if how is not Format.hybrid:
            del self.way
            return
        wrong = "Please choose how you will come."
        self.way.validators = [InputRequired(wrong), AnyOf([way.value for way in how.ways], message=wrong)]
        self.way.flags.optional = False
        self.way.choices = [
            SelectChoice(way.value, f"{way.words.capitalize()} ({left[way]})") for way in how.ways
        ]

    @property
    def asked(self) -> list[Any]:
        """The fields of the questions, in their order."""
        return [self[f"question_{one.id}"] for one in self.questions]

    @property
    def chosen_way(self) -> Way | None:
        """How they come; None where there is one way."""
        return Way(self.way.data) if "way" in self and self.way.data in set(Way) else None

    @property
    def details(self) -> Details:
        """What was told."""
        answers = {}
        for one, field in zip(self.questions, self.asked, strict=True):
            given = "\n".join(field.data or []) if one.kind is QuestionKind.many else field.data or ""
            answers[one.id] = given
        return Details(answers, bool(self.is_shown.data), self.need.data or "")

    def show(self, told: Details) -> None:
        """Fill in what was told before."""
        self.is_shown.data, self.need.data = told.is_shown, told.need
        for one, field in zip(self.questions, self.asked, strict=True):
            text = told.answers.get(one.id, "")
            field.data = text.splitlines() if one.kind is QuestionKind.many else text


class ComingForm(DetailsForm):
    """Somebody who is no member: a name, an address, and a yes to joining that nobody has to give."""

    address = AddressField(
        "Your mail address", [DataRequired("Please give us an address to write to.")], filters=[words.clean]
    )
    name = StringField(
        "Your name",
        [
            DataRequired("Please tell us your name, as you write it."),
            Length(max=120, message="That is a little long for us: up to 120 letters, please."),
        ],
        filters=[words.clean],
    )
    joins = BooleanField("")
    # Nobody sees this field; whoever fills it in is most likely not a person.
    nickname_of_gate = StringField("Leave this empty", [Optional()])
    source = HiddenField(filters=[source])
    zone = HiddenField(filters=[_zone])
    shown = HiddenField()

    def show_now(self) -> None:
        """Mark the form with the present moment and the words that stand beside the box."""
        self.shown.data = doorbell.stamp(consent_texts.current().version)
        self.shown.raw_data = None

    @property
    def is_trapped(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.nickname_of_gate.data)

    @property
    def joins_version(self) -> str:
        """The version of the words they ticked; "" when they did not."""
        found = doorbell.read_stamp(self.shown.data)
        return found[1][0] if self.joins.data and found and found[1] else ""

    def why_once_more(self) -> str:
        """Why the button has to be pressed again; "" when it need not."""
        found = doorbell.read_stamp(self.shown.data)
        if found is None or not 0 <= found[0] <= LONGEST:
            return "This page was open for a long time. Everything is still here: please press the button once more."
        if self.joins.data and self.joins_version != consent_texts.current().version:
            return "The words beside the box have changed meanwhile. Please read them, and press the button once more."
        if found[0] < QUICKEST:
            return (
                "That was quicker than we can tell people from programs. Everything is still here: "
                "please press the button once more."
            )
        return ""


class ArrivalForm(FlaskForm):
    """The code on the wall and, from somebody who is not signed in, the address they answered with."""

    code = StringField(
        "The code on the wall",
        [
            DataRequired("Please type the code that hangs on the wall."),
            Length(max=20, message="It is shorter."),
        ],
        filters=[words.clean],
    )
    address = AddressField("The mail address you answered with", [Optional()], filters=[words.clean])


class WalkInForm(FlaskForm):
    """Somebody at the door who has no seat; with an address they are known, without one only counted."""

    address = AddressField("Their mail address", [Optional()], filters=[words.clean])
    name = StringField(
        "Their name",
        [Length(max=120, message="Up to 120 letters, please.")],
        filters=[words.clean],
    )

    def validate_name(self, field: StringField) -> None:
        """A guest who is known has a name."""
        if self.address.data and not field.data:
            raise ValidationError("Please add their name to the address.")


def asking(form: type[Any_Form], questions: Sequence[Question]) -> type[Any_Form]:
    """Return the form with a field for each question."""
    fields = {f"question_{one.id}": _field(one) for one in questions}
    return types.new_class(
        form.__name__, (form,), {}, lambda space: space.update(fields, questions=questions)
    )


def _field(question: Question) -> Any:
    needed = InputRequired("Please answer this one.") if question.is_required else Optional()
    match question.kind:
        case QuestionKind.text:
            size = Length(max=LONGEST_ANSWER, message="At most 1,000 characters, please.")
            return TextAreaField(question.words, [needed, size], filters=[lines])
        case QuestionKind.one:
            chances = [SelectChoice(one, one) for one in question.choices]
            known = AnyOf(question.choices, message="Please choose one of these.")
            return RadioField(question.words, [needed, known], choices=chances, validate_choice=False)
        case QuestionKind.many:
            chances = [SelectChoice(one, one) for one in question.choices]
            return SelectMultipleField(question.words, [needed], choices=chances)
