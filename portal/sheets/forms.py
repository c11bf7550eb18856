"""What staff say about a file that comes in, and about a list that goes out."""

from collections.abc import Mapping, Sequence
from functools import partial

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal.core import words
from portal.sheets.columns import Field
from portal.sheets.reading import ENCODINGS, SEPARATORS

lines = partial(words.clean, lines=True)
_NOT_LISTED = "That is not on the list. Please choose again."


class UploadForm(FlaskForm):
    """A file with people in it."""

    upload = FileField("The file", [DataRequired("Please choose a file.")])


class ShapeForm(FlaskForm):
    """How the file is to be read, where our guess is wrong."""

    encoding = SelectField(
        "How its letters are written", choices=[SelectChoice(*one) for one in ENCODINGS.items()]
    )
    separator = SelectField(
        "What stands between its cells", choices=[SelectChoice(*one) for one in SEPARATORS.items()]
    )
    has_head = BooleanField("The first row says what the columns are called")


class ColumnsForm(FlaskForm):
    """What the columns mean, and where the people come from."""

    origin = TextAreaField(
        "Where do these people come from, and why may we keep them?",
        [
            DataRequired("Please say it in a sentence: they may ask us."),
            Length(max=1000, message="At most 1,000 letters, please."),
        ],
        filters=[lines],
    )
    source = StringField(
        "Source tag for rows without one",
        [Optional(), Length(max=60, message="At most 60 letters, please.")],
        filters=[words.clean],
    )
    is_inviting = BooleanField("Write one invitation to everybody who is new")
    is_adding = BooleanField("Add interests and places that we do not have yet")

    @property
    def tag(self) -> str:
        """The source as it is stored: a word of letters, digits, hyphens."""
        return words.slug(self.source.data or "")


class DeedForm(FlaskForm):
    """Only the token."""


class ExportForm(FlaskForm):
    """Why somebody takes a list out, and how the file is to be."""

    reason = TextAreaField(
        "What do you need it for?",
        [
            DataRequired("Please say what it is for: it is kept beside your name."),
            Length(min=8, max=500, message="A sentence of 8 to 500 letters, please."),
        ],
        filters=[lines],
    )
    has_mark = BooleanField("For Excel: begin with the mark by which it knows Unicode", default=True)
    kind = RadioField(
        "Which columns",
        choices=[
            SelectChoice("read", "To read", {"hint": "What we know of each person, in words."}),
            SelectChoice(
                "whole",
                "Complete, to move to another portal",
                {"hint": "With a sealed column that carries choices and consents. Admins only."},
            ),
        ],
        default="read",
    )

    def __init__(self, may_take_all: bool) -> None:
        self._may_take_all = may_take_all
        super().__init__()

    def validate_kind(self, field: BaseForm) -> None:
        """Only who may import may take consents along."""
        if self.kind.data == "whole" and not self._may_take_all:
            raise ValidationError("Only an admin can take the complete list.")


def meanings(width: int, typed: Mapping[str, str], guessed: Sequence[str]) -> list[Field]:
    """What was chosen for each column, or else what was guessed.

    Raises:
        ValueError: with words, for a choice that is not on the list.
    """
    found = []
    for place in range(width):
        value = typed.get(f"column-{place}", guessed[place] if place < len(guessed) else "")
        if value not in set(Field):
            raise ValueError(_NOT_LISTED)
        found.append(Field(value))
    return found
