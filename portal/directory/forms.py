"""What the list of members is searched by, and what staff may write on a member's page."""

from collections.abc import Sequence
from functools import partial

from flask_wtf import FlaskForm
from wtforms import DateField, Form, SearchField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, Optional

from portal.core import words
from portal.core.addresses import NotAnAddress, parse
from portal.directory.queries import Order, Search, Standings
from portal.members.models import Level
from portal.preferences.models import Interest, Place

lines = partial(words.clean, lines=True)
MOST_OF_A_NOTE = 4000
NO_DATE = "Give a date, such as 2027-03-01."


class OneOf(SelectField):
    """One of a list; an address that asks for something else is told so in our words."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not on the list."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("That is not on the list. Please choose again.") from None


class Day(DateField):
    """A date; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NO_DATE) from None


class SearchForm(Form):
    """Filters of the list; sent by GET, so that a search is an address that can be kept."""

    q = SearchField(
        "Name or address",
        [Optional(), Length(max=200, message="At most 200 letters, please.")],
        filters=[words.clean],
    )
    status = OneOf(
        "Status", choices=[SelectChoice(one.value, one.words) for one in Standings], default=Standings.within
    )
    interest = OneOf("Follows", default="")
    place = OneOf("Place", default="")
    level = OneOf(
        "Level",
        choices=[SelectChoice("", "Any level"), *(SelectChoice(one.value, one.words) for one in Level)],
        default="",
    )
    since = Day("Joined since", [Optional()])
    order = OneOf(
        "Order", choices=[SelectChoice(one.value, one.words) for one in Order], default=Order.newest
    )

    def offer(self, interests: Sequence[Interest], places: Sequence[Place]) -> None:
        """Let these be chosen; what is retired comes last and says so."""
        self.interest.choices = [SelectChoice("", "Any interest"), *_choices(interests)]
        self.place.choices = [SelectChoice("", "Any place"), *_choices(places)]

    def validate_since(self, field: DateField) -> None:
        """Refuse a year that cannot be meant."""
        if field.data is not None and not 1900 <= field.data.year <= 2999:
            raise ValidationError(NO_DATE)

    @property
    def search(self) -> Search:
        """What was asked for."""
        return Search(
            typed=self.q.data or "",
            standings=Standings(self.status.data),
            interest=self.interest.data or "",
            place=self.place.data or "",
            level=Level(self.level.data) if self.level.data else None,
            since=self.since.data,
            order=Order(self.order.data),
        )


class NoteForm(FlaskForm):
    """Something worth remembering about a person."""

    text = TextAreaField(
        "Write a note",
        [
            DataRequired("Please write something first."),
            Length(max=MOST_OF_A_NOTE, message="At most 4,000 letters, please."),
        ],
        filters=[lines],
    )


class LeaveForm(FlaskForm):
    """They asked us, by phone or by mail, to be taken out."""

    address = StringField(
        "Their mail address, to be sure it is the right person",
        [DataRequired("Please type their address."), Length(max=254, message="That is too long.")],
        filters=[words.clean],
    )

    def __init__(self, address_key: str) -> None:
        self._address_key = address_key
        super().__init__()

    def validate_address(self, field: StringField) -> None:
        """Refuse the address of anybody else."""
        try:
            typed = parse(field.data or "").key
        except NotAnAddress as wrong:
            raise ValidationError(str(wrong)) from wrong
        if typed != self._address_key:
            raise ValidationError("That is not the address of this member. Nothing was changed.")


class RemoveForm(FlaskForm):
    """Only the token."""


def _choices(things: Sequence[Interest] | Sequence[Place]) -> list[SelectChoice]:
    offered = [SelectChoice(one.slug, one.name) for one in things if one.retired_at is None]
    retired = [
        SelectChoice(one.slug, f"{one.name} (retired)") for one in things if one.retired_at is not None
    ]
    return offered + retired
