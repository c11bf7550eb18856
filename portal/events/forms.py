"""The forms around events: a yes or no, what one looks for, and the event itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)

from portal.core import clock, words
from portal.events.models import Format, Way
from portal.preferences.models import Interest, Place
from portal.staff.models import Staff

lines = partial(words.clean, lines=True)
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_WORDS = "Small letters, digits and hyphens only, such as tea-with-samuel."
ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
)


class RsvpForm(FlaskForm):
    """One button each: come, take an offer, come the other way, give it back; "told" comes with the whole form."""

    answer = StringField(
        validators=[
            AnyOf(["yes", "accept", "switch", "no", "told"], message="Please use one of the buttons.")
        ]
    )
    way = StringField(validators=[Optional(), AnyOf([way.value for way in Way])])


class WishForm(FlaskForm):
    """What somebody looks for; read from the address, so it needs no token."""

    class Meta:
        """Looking changes nothing."""

        csrf = False

    about = SelectField("About", [Optional()], validate_choice=False)
    place = SelectField("Where", [Optional()], validate_choice=False)
    format = SelectField("How", [Optional()], validate_choice=False)
    month = SelectField("When", [Optional()], validate_choice=False)

    def offer(self, interests: Iterable[Interest], places: Iterable[Place], zone: ZoneInfo) -> None:
        """Fill in what can be chosen; months are those of the company's calendar."""
        self.about.choices = [
            SelectChoice("", "Anything"),
            *(SelectChoice(one.slug, one.name) for one in interests),
        ]
        self.place.choices = [
            SelectChoice("", "Anywhere"),
            *(SelectChoice(one.slug, one.name) for one in places),
        ]
        self.format.choices = [
            SelectChoice("", "Any way"),
            SelectChoice("in_person", "In person"),
            SelectChoice("online", "Online"),
        ]
        first = clock.today(zone).replace(day=1)
        months = []
        for _ in range(12):
            months.append(SelectChoice(f"{first:%Y-%m}", format_date(first, "MMMM y", locale=words.LOCALE)))
            first = (first + timedelta(days=32)).replace(day=1)
        self.month.choices = [SelectChoice("", "Any month"), *months]

    def month_bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return the first and the last moment of the chosen month."""
        if not self.month.data or not any(
            is_chosen for _value, _text, is_chosen, *_ in self.month.iter_choices()
        ):
            return None
        first = datetime.strptime(self.month.data, "%Y-%m")  # noqa: DTZ007 - a wall clock, its zone is added below
        after = (first + timedelta(days=32)).replace(day=1)
        return clock.in_zone(first, zone), clock.in_zone(after, zone)


class AsOneComes:
    """Ask for seats only where the format says that one can come this way."""

    def __init__(self, way: Way) -> None:
        """Keep the way."""
        self.way = way

    def __call__(self, form: Any, field: IntegerField) -> None:
        """Stop at an empty box: with words when its seats are needed."""
        if field.raw_data and str(field.raw_data[0]).strip():
            return
        field.errors = []
        is_needed = form.format.data in set(Format) and self.way in Format(form.format.data).ways
        raise StopValidation("Please say how many can come." if is_needed else "")


class EventForm(FlaskForm):
    """Everything of an event that can be typed. Times are those of the event's own zone."""

    title = StringField(
        "Title",
        [
            DataRequired("Please give the event a title."),
            Length(max=140, message="At most 140 characters, please."),
        ],
        filters=[words.clean],
    )
    slug = StringField(
        "Address",
        [
            Optional(),
            Length(max=80, message="At most 80 characters, please."),
            Regexp(SLUG, message=SLUG_WORDS),
        ],
        filters=[words.clean],
    )
    summary = TextAreaField(
        "Summary",
        [Optional(), Length(max=240, message="At most 240 characters, please.")],
        filters=[words.clean],
    )
    description = TextAreaField(
        "What happens there",
        [Optional(), Length(max=20_000, message="At most 20,000 characters, please.")],
        filters=[lines],
    )
    zone = SelectField(
        "Time zone",
        [DataRequired("Please choose the zone these times are in.")],
        choices=[SelectChoice(one) for one in ZONES],
    )
    starts = DateTimeLocalField(
        "Begins",
        [InputRequired("Please say when it begins.")],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    ends = DateTimeLocalField(
        "Ends", [InputRequired("Please say when it ends.")], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    format = SelectField("How we meet", choices=[SelectChoice(one.value, one.words) for one in Format])
    place = SelectField("Place", coerce=int)
    venue = StringField(
        "Where exactly",
        [Optional(), Length(max=300, message="At most 300 characters, please.")],
        filters=[words.clean],
    )
    join_url = StringField(
        "Link to join",
        [Optional(), Length(max=500, message="At most 500 characters, please.")],
        filters=[words.clean],
    )
    capacity = IntegerField(
        "Seats in person",
        [AsOneComes(Way.in_person), NumberRange(0, 100_000, "Between 0 and 100,000 seats, please.")],
    )
    capacity_online = IntegerField(
        "Seats online",
        [AsOneComes(Way.online), NumberRange(0, 100_000, "Between 0 and 100,000 seats, please.")],
    )
    host = SelectField("Host", coerce=int)
    interests = SelectMultipleField("What it is about", [Optional()], coerce=int)
    upload = FileField("Picture", [Optional()])
    picture = HiddenField(filters=[words.clean])
    without_picture = BooleanField("Take the picture away")
    picture_alt = StringField(
        "What the picture shows",
        [Optional(), Length(max=300, message="At most 300 characters, please.")],
        filters=[words.clean],
    )
    outcome = TextAreaField(
        "How it was",
        [Optional(), Length(max=20_000, message="At most 20,000 characters, please.")],
        filters=[lines],
    )
    seen = HiddenField()

    def offer(self, interests: Iterable[Interest], places: Iterable[Place], hosts: Iterable[Staff]) -> None:
        """Fill in what can be chosen."""
        self.interests.choices = [SelectChoice(one.id, one.name) for one in interests]
        self.place.choices = [SelectChoice(0, "No town"), *(SelectChoice(one.id, one.name) for one in places)]
        self.host.choices = [
            SelectChoice(one.id, f"{one.name}, {one.title}" if one.title else one.name) for one in hosts
        ]
        chosen = self.zone.data
        if chosen and chosen not in ZONES and chosen in available_timezones():
            self.zone.choices = [SelectChoice(one) for one in (chosen, *ZONES)]

    def validate_starts(self, field: DateTimeLocalField) -> None:
        """Refuse a time that no clock shows."""
        self._must_exist(field.data)

    def validate_ends(self, field: DateTimeLocalField) -> None:
        """Refuse an end that no clock shows, or that lies before the beginning."""
        self._must_exist(field.data)
        starts, ends = self.moments()
        if starts and ends and ends <= starts:
            raise ValidationError("It ends before it begins. Please look at the two times.")
        if starts and ends and ends - starts > timedelta(days=14):
            raise ValidationError("That is longer than two weeks. Please look at the dates.")

    def validate_join_url(self, field: StringField) -> None:
        """Accept web addresses only."""
        if not is_web_address(field.data or ""):
            raise ValidationError("Please give a full address that begins with https://.")

    def validate_picture(self, field: HiddenField) -> None:
        """Forget a picture that is to go."""
        if self.without_picture.data:
            field.data = ""

    def capacities(self) -> dict[str, int]:
        """Return the seats of each way; a way one cannot come has none."""
        ways = Format(self.format.data).ways
        return {
            "capacity_in_person": (self.capacity.data or 0) if Way.in_person in ways else 0,
            "capacity_online": (self.capacity_online.data or 0) if Way.online in ways else 0,
        }

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """Return beginning and end as moments, None where nothing readable was typed."""
        zone = words.zone(self.zone.data)
        starts, ends = (
            clock.in_zone(field.data, zone) if field.data else None for field in (self.starts, self.ends)
        )
        return starts, ends

    def happens_twice(self) -> str:
        """Return a remark when the clock shows the beginning twice that night; "" otherwise."""
        local, zone = self.starts.data, words.zone(self.zone.data)
        if not local:
            return ""
        first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if second <= first:
            return ""
        return (
            f"That night the clock shows {local:%H:%M} twice. We took the first: {words.moment(first, zone)}."
        )

    def _must_exist(self, local: Any) -> None:
        if not local:
            return
        if not 2000 <= local.year <= 2200:
            raise ValidationError("Please look at the year again.")
        zone = words.zone(self.zone.data)
        real = clock.in_zone(local, zone).astimezone(zone).replace(tzinfo=None)
        if real != local:
            town = zone.key.rsplit("/", 1)[-1].replace("_", " ")
            raise ValidationError(
                f"On {words.day(local.date())} the clocks in {town} skip this hour: "
                f"there is no {local:%H:%M}. Did you mean {real:%H:%M}?"
            )


class CallOffForm(FlaskForm):
    """The reason, and the number of people typed by hand."""

    why = TextAreaField(
        "Why, in a sentence or two",
        [
            DataRequired("People will ask. Please say why."),
            Length(max=400, message="At most 400 characters, please."),
        ],
        filters=[lines],
    )
    typed = StringField("How many people will be told", filters=[words.clean])


class ButtonForm(FlaskForm):
    """Only a button."""


class AttendanceForm(FlaskForm):
    """Came, did not come, or not noted."""

    attended = StringField(validators=[AnyOf(["yes", "no", ""])])


def is_web_address(text: str) -> bool:
    """Whether it is a plain http or https address, without a name and password in it."""
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return False
    is_plain = not any(letter.isspace() or letter in '<>"\\' for letter in text)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port_is_fine
        and is_plain
    )
