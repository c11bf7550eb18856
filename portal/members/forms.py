"""The forms of coming in and of one's own pages."""

import calendar
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from portal.core import doorbell, words
from portal.core.doorbell import AddressField
from portal.members import consent_texts
from portal.members.models import Level, Readiness, WorkMode

QUICKEST = 1.5
"""Seconds in which nobody reads and fills a form: below, we ask for one more press and keep what was typed."""
LONGEST = 24 * 3600
FORGET_WORD = "forget"
_SOURCE_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def _source(text: str | None) -> str:
    """The tag of a link that somebody came by; only letters, digits and -_. of it."""
    return "".join(sign for sign in (text or "").lower() if sign in _SOURCE_SIGNS)[:60]


class JoinForm(FlaskForm):
    """Address, name and a yes; nothing else is required."""

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
    call_name = StringField(
        "What shall we call you?",
        [Optional(), Length(max=60, message="Up to 60 letters, please.")],
        filters=[words.clean],
    )
    agree = BooleanField("", [DataRequired("We may only write to you with your yes. Please tick the box.")])
    # Nobody sees this field; whoever fills it in is most likely not a person.
    nickname_of_gate = StringField("Leave this empty", [Optional()])
    source = HiddenField(filters=[_source])
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
    def text_version(self) -> str:
        """The version of the words that were shown, "" when the mark is not ours."""
        found = doorbell.read_stamp(self.shown.data)
        return found[1][0] if found and found[1] else ""

    def why_once_more(self) -> str:
        """Why the button has to be pressed again; "" when it need not."""
        found = doorbell.read_stamp(self.shown.data)
        if found is None or not 0 <= found[0] <= LONGEST:
            return "This page was open for a long time. Everything is still here: please press the button once more."
        if self.text_version != consent_texts.current().version:
            return "The words beside the box have changed meanwhile. Please read them, and press the button once more."
        if found[0] < QUICKEST:
            return (
                "That was quicker than we can tell people from programs. Everything is still here: "
                "please press the button once more."
            )
        return ""


class SignInForm(FlaskForm):
    """Where to send the link."""

    address = AddressField(
        "Your mail address",
        [DataRequired("Please type the address you joined with.")],
        filters=[words.clean],
    )
    next = HiddenField()


class AddressForm(FlaskForm):
    """Where to write from now on."""

    address = AddressField(
        "Your new mail address", [DataRequired("Please type the new address.")], filters=[words.clean]
    )


class ForgetForm(FlaskForm):
    """The typed word that makes an accident impossible."""

    word = StringField(
        f"Type the word {FORGET_WORD}",
        [DataRequired(f"Please type the word {FORGET_WORD} to go on.")],
        filters=[words.clean],
    )

    def validate_word(self, field: StringField) -> None:
        """It must be the word, in any case."""
        if (field.data or "").strip(" .\"'").casefold() != FORGET_WORD:
            raise ValidationError(f"That is not the word. Please type {FORGET_WORD}.")


_MONTHS = {"": "Month", **{str(number): calendar.month_name[number] for number in range(1, 13)}}
_DAYS = {"": "Day", **{str(number): str(number) for number in range(1, 32)}}


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _zones() -> dict[str, str | dict[str, str]]:
    """Time zones by part of the world, as a select shows them."""
    groups: dict[str, dict[str, str]] = {}
    for name in sorted(available_timezones()):
        area, _, place = name.partition("/")
        if place and area not in {"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico"}:
            groups.setdefault(area, {})[name] = place.replace("_", " ").replace("/", ", ")
    return {"": "Not said", "UTC": "UTC", **groups}


class ProfileForm(FlaskForm):
    """Who a member is; only the name is needed."""

    name = StringField(
        "Your name",
        [
            DataRequired("Please tell us your name, as you write it."),
            Length(max=120, message="Up to 120 letters, please."),
        ],
        filters=[words.clean],
    )
    call_name = StringField(
        "What shall we call you?",
        [Optional(), Length(max=60, message="Up to 60 letters, please.")],
        filters=[words.clean],
    )
    level = RadioField(
        "Where are you on your way?",
        [Optional()],
        choices={"": "I would rather not say", **{one.value: one.words for one in Level}},
        default="",
    )
    work_mode = RadioField(
        "How would you like to work?",
        [Optional()],
        choices={"": "I would rather not say", **{one.value: one.words for one in WorkMode}},
        default="",
    )
    readiness = RadioField(
        "Are you ready for something new?",
        [Optional()],
        choices={"": "I would rather not say", **{one.value: one.words for one in Readiness}},
        default="",
    )
    zone = SelectField(
        "Your time zone",
        [Optional(), AnyOf(["", *sorted(available_timezones())], "Please choose from the list.")],
        choices=_zones(),
        validate_choice=False,
        default="",
    )
    birthday_day = SelectField("Birthday: day", choices=_DAYS, default="")
    birthday_month = SelectField("Birthday: month", choices=_MONTHS, default="")
    anniversary_day = SelectField("Work anniversary: day", choices=_DAYS, default="")
    anniversary_month = SelectField("Work anniversary: month", choices=_MONTHS, default="")

    def validate_birthday_day(self, field: SelectField) -> None:
        """A day of its month, 29 February included, or neither."""
        _check_day(self.birthday_month.data, field.data)

    def validate_anniversary_day(self, field: SelectField) -> None:
        """The same for the anniversary."""
        _check_day(self.anniversary_month.data, field.data)

    @property
    def birthday(self) -> tuple[int, int] | None:
        """(month, day), when both were chosen."""
        return _pair(self.birthday_month.data, self.birthday_day.data)

    @property
    def anniversary(self) -> tuple[int, int] | None:
        """(month, day), when both were chosen."""
        return _pair(self.anniversary_month.data, self.anniversary_day.data)


def _pair(month: str | None, day: str | None) -> tuple[int, int] | None:
    numbers = _number(month), _number(day)
    return (numbers[0], numbers[1]) if numbers[0] and numbers[1] else None


def _check_day(month: str | None, day: str | None) -> None:
    if (month or "") not in _MONTHS or (day or "") not in _DAYS:
        return
    if bool(month) != bool(day):
        raise ValidationError("Please choose a day and a month, or neither.")
    found = _pair(month, day)
    # 2024 has a 29 February.
    if found and found[1] > calendar.monthrange(2024, found[0])[1]:
        raise ValidationError(f"{calendar.month_name[found[0]]} has no day {found[1]}.")
