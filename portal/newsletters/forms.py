"""The fields of an issue and of its blocks, and the words of their mistakes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.core import words
from portal.newsletters import fields
from portal.newsletters.models import Block, BlockKind

MOST_LETTERS = 20_000
EVERYBODY = 0
QUARTERS = [
    SelectChoice(1, "Winter (Jan-Mar)"),
    SelectChoice(2, "Spring (Apr-Jun)"),
    SelectChoice(3, "Summer (Jul-Sep)"),
    SelectChoice(4, "Autumn (Oct-Dec)"),
]


def choices(pairs: Sequence[tuple[int, str]]) -> list[SelectChoice]:
    """What a list offers: the id and the name of each."""
    return [SelectChoice(key, name) for key, name in pairs]


def _lines(text: str | None) -> str:
    return words.clean(text, lines=True)


def _good_fields(_form: Any, field: Any) -> None:
    found = fields.problems(field.data or "", is_markdown=isinstance(field, TextAreaField))
    if found:
        raise ValidationError(" ".join(found))


def _personal(_form: Any, field: Any) -> None:
    found = fields.opening_problems(field.data or "")
    if found:
        raise ValidationError(found[0])


def _leads_somewhere(_form: Any, field: Any) -> None:
    url = field.data or ""
    parts = urlsplit(url)
    is_path = url.startswith("/") and not url.startswith("//")
    is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and "@" not in parts.netloc
    if not (is_path or is_web) or any(letter in url for letter in '\\ "<>{}'):
        raise ValidationError(
            "Give a whole address such as https://example.org, or a page of ours such as /events."
        )


class HeadForm(FlaskForm):
    """What stands on the envelope."""

    title = StringField(
        "Title",
        [InputRequired("Give the issue a title."), Length(max=140, message="At most 140 letters, please.")],
        filters=[words.clean],
    )
    quarter = SelectField("Season", coerce=int, choices=QUARTERS)
    year = IntegerField("Year", [NumberRange(2000, 2999, "Give the year with four digits.")])
    subject = StringField(
        "Subject",
        [Optional(), Length(max=200, message="At most 200 letters, please."), _good_fields, _personal],
        filters=[words.clean],
    )
    preheader = StringField(
        "Preheader",
        [Optional(), Length(max=200, message="At most 200 letters, please."), _good_fields],
        filters=[words.clean],
    )
    sender_id = SelectField("From", coerce=int)


class AudienceForm(FlaskForm):
    """Whom it is for."""

    included = SelectMultipleField("Only these segments", [Optional()], coerce=int)
    excluded = SelectMultipleField("Leave out", [Optional()], coerce=int)

    def validate_excluded(self, field: Any) -> None:
        """A segment is meant or left out, not both."""
        if set(field.data or []) & set(self.included.data or []):
            raise ValidationError("A segment cannot be meant and left out at the same time.")


class _BlockForm(FlaskForm):
    """What every block has."""

    segment_id = SelectField("Shown to", coerce=int)

    def values(self) -> dict[str, Any]:
        """What the block's row gets."""
        return {"segment_id": self.segment_id.data or None}

    def fill(self, block: Block) -> None:
        """Show what the block's row holds."""
        self.segment_id.data = block.segment_id or EVERYBODY


class TextForm(_BlockForm):
    """A piece of text in Markdown."""

    text = TextAreaField(
        "Text",
        [
            InputRequired("Write something, or remove the block."),
            Length(max=MOST_LETTERS, message="At most 20,000 letters, please."),
            _good_fields,
        ],
        filters=[_lines],
    )
    is_first = False

    def validate_text(self, field: Any) -> None:
        """The first text of a letter speaks to somebody."""
        if self.is_first:
            _personal(self, field)

    def values(self) -> dict[str, Any]:
        """The text beside what every block has."""
        return {**super().values(), "text": self.text.data}

    def fill(self, block: Block) -> None:
        """Show the text too."""
        super().fill(block)
        self.text.data = block.text


class ButtonForm(_BlockForm):
    """A button that leads somewhere."""

    text = StringField(
        "Words on the button",
        [
            InputRequired("Say what the button does."),
            Length(max=80, message="At most 80 letters."),
            _good_fields,
        ],
        filters=[words.clean],
    )
    url = StringField(
        "Where it leads",
        [
            InputRequired("Say where it leads."),
            Length(max=500, message="At most 500 letters."),
            _leads_somewhere,
        ],
        filters=[words.clean],
    )

    def values(self) -> dict[str, Any]:
        """The words and the address beside what every block has."""
        return {**super().values(), "text": self.text.data, "url": self.url.data}

    def fill(self, block: Block) -> None:
        """Show the words and the address too."""
        super().fill(block)
        self.text.data, self.url.data = block.text, block.url


class ThingForm(_BlockForm):
    """A story, an event or a role."""

    thing_id = SelectField("Which one", [InputRequired("Choose one.")], coerce=int)
    column = ""

    def values(self) -> dict[str, Any]:
        """The thing beside what every block has."""
        return {**super().values(), self.column: self.thing_id.data}

    def fill(self, block: Block) -> None:
        """Show the thing too."""
        super().fill(block)
        self.thing_id.data = getattr(block, self.column)


BlockForm = TextForm | ButtonForm | ThingForm


def block_form(
    kind: BlockKind,
    segments: Sequence[tuple[int, str]],
    things: Sequence[tuple[int, str]],
    *,
    is_first: bool = False,
) -> BlockForm:
    """The form of a block of that kind; `is_first` is the first text of the letter."""
    form: BlockForm
    if kind is BlockKind.text:
        form = TextForm()
        form.is_first = is_first
    elif kind is BlockKind.button:
        form = ButtonForm()
    else:
        form = ThingForm()
        form.column = f"{kind.value}_id"
        form.thing_id.choices = choices(things)
        form.thing_id.label.text = {"story": "Story", "event": "Event", "role": "Role"}[kind.value]
    form.segment_id.choices = choices(
        [(EVERYBODY, "Everybody"), *((key, f"Only {name}") for key, name in segments)]
    )
    return form


class PressForm(FlaskForm):
    """Only the token: for buttons."""
