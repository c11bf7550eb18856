"""What members choose, and what staff offer."""

import re
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal.core import words
from portal.preferences import promise
from portal.preferences.models import Reason, Topic

CHOOSE_ONE = "Please choose one of these."
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))
)


def _how_often(topic: Topic) -> RadioField:
    choices = [
        SelectChoice(one.value, one.words, {"hint": promise.beside(topic, one)}) for one in topic.cadences
    ]
    return RadioField(topic.words, [DataRequired(CHOOSE_ONE)], choices=choices, validate_choice=True)


class InterestsForm(FlaskForm):
    """What a member follows, and where. The choices come from the view."""

    interests = SelectMultipleField("What would you like to hear about?", [Optional()], coerce=int)
    places = SelectMultipleField("Where would you like to work, or meet us?", [Optional()], coerce=int)
    is_remote = BooleanField("I would work remotely")
    is_open_to_move = BooleanField("I would move for the right role")


class TopicsForm(FlaskForm):
    """How often each topic may come; a topic that is not sent stays as it is."""

    newsletter = _how_often(Topic.newsletter)
    events = _how_often(Topic.events)
    roles = _how_often(Topic.roles)
    notes = _how_often(Topic.notes)
    greetings = _how_often(Topic.greetings)


class PauseForm(FlaskForm):
    """For how many months to be quiet. The choices, with the day each ends, come from the view."""

    months = RadioField("Pause for how long?", [DataRequired(CHOOSE_ONE)], coerce=int)


class MeasuringForm(FlaskForm):
    """Whether we may measure opens and clicks; nothing is ticked until the person says something."""

    measuring = RadioField(
        "May we see which mails you open?",
        [DataRequired(CHOOSE_ONE)],
        choices=[SelectChoice("yes", "Yes, you may"), SelectChoice("no", "No, do not look")],
    )


class ReasonForm(FlaskForm):
    """Why somebody stops: one tap, and a few words for who likes."""

    reason = RadioField(
        "Would you tell us why?",
        [DataRequired(CHOOSE_ONE)],
        choices=[SelectChoice(one.value, one.words) for one in Reason],
    )
    text = TextAreaField(
        "In your own words",
        [Optional(), Length(max=1000, message="Please keep it under 1,000 letters.")],
        filters=[lambda typed: words.clean(typed, lines=True)],
    )


class InterestForm(FlaskForm):
    """An interest as staff write it."""

    name = StringField(
        "Name",
        [DataRequired("Please give it a name."), Length(max=80, message="Please keep it under 80 letters.")],
        filters=[words.clean],
    )
    line = StringField(
        "One line about it",
        [Optional(), Length(max=200, message="Please keep it under 200 letters.")],
        filters=[words.clean],
    )


class PlaceForm(FlaskForm):
    """A place as staff write it."""

    name = StringField(
        "Name",
        [DataRequired("Please give it a name."), Length(max=80, message="Please keep it under 80 letters.")],
        filters=[words.clean],
    )
    country = StringField(
        "Country code",
        [DataRequired("Please give the two letters of its country.")],
        filters=[lambda typed: words.clean(typed).upper()],
    )
    region = StringField(
        "Region",
        [Optional(), Length(max=80, message="Please keep it under 80 letters.")],
        filters=[words.clean],
    )
    zone = SelectField(
        "Time zone", [DataRequired(CHOOSE_ONE)], choices=[SelectChoice(zone) for zone in ZONES]
    )

    def validate_country(self, field: Any) -> None:
        """Two letters, as in ISO 3166-1."""
        if not re.fullmatch(r"[A-Z]{2}", field.data or ""):
            raise ValidationError("Two letters, such as PT or NL.")
