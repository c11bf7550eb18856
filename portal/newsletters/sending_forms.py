"""The fields of sending an issue: the number that confirms it, when it leaves, and to how many first."""

from datetime import datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from portal.core import clock, words
from portal.core.settings import Settings
from portal.mail import schedule
from portal.mail.models import Verdict
from portal.mail.schedule import Plan

FURTHEST = timedelta(days=366)
NOW, LATER = "now", "later"


def _needed_later(form: Any, field: Any) -> None:
    """Only what leaves later has a moment."""
    if form.when.data == LATER:
        _needed(form, field)
    else:
        field.errors = []
        raise StopValidation


def _needed(_form: Any, field: Any) -> None:
    if field.data is None:
        field.errors = []
        raise StopValidation("Choose the day and the hour.")


class MomentForm(FlaskForm):
    """A moment on the wall clock of the reader's zone."""

    zone = ""

    def moment_problem(self, field: Any, at_earliest: timedelta = timedelta(minutes=1)) -> None:
        """Say why that moment will not do.

        Raises:
            ValidationError: it has passed, is too far away, or clocks jump over it.
        """
        there = words.zone(self.zone)
        moment = schedule.instant(field.data, there)
        if moment < clock.now() + at_earliest:
            raise ValidationError("That moment has passed. Choose a later one.")
        if moment > clock.now() + FURTHEST:
            raise ValidationError("That is more than a year away.")
        if not schedule.is_shown(field.data, there):
            raise ValidationError(
                f"Clocks jump over that time. The next one they show is {words.moment(moment, there)}."
            )


class SendForm(MomentForm):
    """The number that confirms a send, the number the page showed, and when it leaves."""

    number = StringField(
        "How many people get it?", [InputRequired("Type the number to confirm.")], filters=[words.clean]
    )
    shown = StringField("", [Optional(), Length(max=20)], filters=[words.clean])
    when = RadioField(
        "When does it leave?",
        choices=[SelectChoice(NOW, "Now"), SelectChoice(LATER, "At a chosen time")],
        default=NOW,
    )
    at = DateTimeLocalField("Day and hour", [_needed_later], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    is_local = BooleanField("At that hour where each person lives")
    pilot = IntegerField(
        "How many first?",
        [Optional(), NumberRange(0, 1_000_000, "Give a number of people, or 0 for everybody at once.")],
    )

    def know(self, settings: Settings, zone: str) -> None:
        """Remember how the portal is set up, and the zone of whoever looks at the form."""
        self.settings, self.zone = settings, zone

    def validate_number(self, field: Any) -> None:
        """It is a number in digits."""
        if self.typed is None:
            raise ValidationError("Type the number in digits.")

    def validate_at(self, field: Any) -> None:
        """It is a moment that comes, and that clocks show."""
        if self.when.data == LATER and field.data is not None:
            self.moment_problem(field)

    @property
    def typed(self) -> int | None:
        """The typed number, however its thousands are set apart."""
        digits = (self.number.data or "").replace(",", "").replace(".", "").replace(" ", "").replace("'", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None

    def plan(self) -> Plan:
        """When it leaves, as it was typed."""
        people = self.typed or 0
        if self.pilot.data is not None:
            pilot = self.pilot.data
        else:
            pilot = self.settings.pilot_size if people >= self.settings.pilot_from else 0
        soon = schedule.at_once(self.settings, pilot)
        if self.when.data != LATER:
            return soon
        return Plan(
            soon.not_before,
            zone=self.zone,
            wall=self.at.data,
            is_local=bool(self.is_local.data),
            sleeps=schedule.sleeping_hours(self.settings),
            pilot=pilot,
        )


class LaterForm(MomentForm):
    """Another moment for a mailing that missed its own."""

    at = DateTimeLocalField(
        "Day and hour",
        [_needed],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def validate_at(self, field: Any) -> None:
        """It is a moment that comes, and that clocks show."""
        self.moment_problem(field)

    @property
    def moment(self) -> datetime:
        """The chosen moment."""
        wall: datetime = self.at.data  # type: ignore[assignment]
        return schedule.instant(wall, words.zone(self.zone))


class SettleForm(FlaskForm):
    """What a person decides about messages of which nobody knows."""

    which = SelectField("", choices=[SelectChoice(one) for one in ("one", "request", "all")])
    verdict = SelectField("", choices=[SelectChoice(one.value) for one in Verdict])
    number = IntegerField("", [InputRequired(), NumberRange(1, 100_000_000)])
    batch = StringField("", [Length(max=32)], filters=[words.clean])
    message = IntegerField("", [Optional(), NumberRange(1, 2**62)])
