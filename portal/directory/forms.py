"""What the list of members is searched by, and what staff may write on a member's page."""

from collections.abc import Sequence
from functools import partial

from flask_wtf import FlaskForm
from wtforms import DateField, Form, SearchField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length, Optional

from portal.core import words
from portal.core.addresses import NotAnAddress, parse
from portal.directory.queries import Order, Search, Standings
from portal.members.models import Level
from portal.preferences.models import Interest, Place

lines = partial(words.clean, lines=True)
MOST_OF_A_NOTE = 4000


class SearchForm(Form):
    """Filters of the list; sent by GET, so that a search is an address that can be kept."""

    q = SearchField(
        "Name or address",
        [Optional(), Length(max=200, message="At most 200 letters, please.")],
        filters=[words.clean],
    )
    status = SelectField(
        "Status", choices=[SelectChoice(one.value, one.words) for one in Standings], default=Standings.within
    )
    interest = SelectField("Follows", default="")
    place = SelectField("Place", default="")
    level = SelectField(
        "Level",
        choices=[SelectChoice("", "Any level"), *(SelectChoice(one.value, one.words) for one in Level)],
        default="",
    )
    since = DateField("Joined since", [Optional()])
    order = SelectField(
        "Order", choices=[SelectChoice(one.value, one.words) for one in Order], default=Order.newest
    )

    def offer(self, interests: Sequence[Interest], places: Sequence[Place]) -> None:
        """Let these be chosen; what is retired comes last and says so."""
        self.interest.choices = [SelectChoice("", "Any interest"), *_choices(interests)]
        self.place.choices = [SelectChoice("", "Any place"), *_choices(places)]

    def validate_since(self, field: DateField) -> None:
        """Refuse a year that cannot be meant."""
        if field.data is not None and not 1900 <= field.data.year <= 2999:
            raise ValidationError("Give a date such as 3 March 2027.")

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
