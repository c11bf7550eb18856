"""Every part of the design in every state, on one page. Registered in development only."""

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length, NumberRange, Optional

room = Blueprint("dev", __name__)

FACES = ("site", "me", "plain", "staff")
HOSTILE = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NAMES = (
    "Ada Lovelace",
    "نور الدين بن يوسف",
    "山田 花子",
    "Łucja Żółć-O'Brien",
    "שירה לוי",
    HOSTILE,
    "<b>Robert</b>",
)


class PartsForm(FlaskForm):
    """One field of each kind."""

    name = StringField("Your name", [DataRequired("Please tell us what to call you.")])
    email = EmailField("E-mail address", [DataRequired("Please give us an address to write to.")])
    about = TextAreaField("What would you like to ask?", [Optional(), Length(max=20)])
    seats = IntegerField("Seats", [NumberRange(1, 500, "Between 1 and 500 seats, please.")])
    starts_at = DateTimeLocalField("Begins", [Optional()])
    place = SelectField(
        "Where",
        choices=[
            SelectChoice("lis", "Lisbon"),
            SelectChoice("ber", "Berlin"),
            SelectChoice("any", "Anywhere, from home"),
        ],
    )
    picture = FileField("A picture", [Optional()])
    level = RadioField(
        "Where are you on your way?",
        [DataRequired("Please choose one, or skip this question.")],
        choices=[
            SelectChoice("first", "First years", {"hint": "Studying, or up to two years in"}),
            SelectChoice("going", "Well under way"),
            SelectChoice("lead", "Leading others"),
        ],
    )
    interests = SelectMultipleField(
        "What would you like to hear about?",
        [Optional()],
        choices=[
            SelectChoice("eng", "Engineering", optgroup="Making"),
            SelectChoice("design", "Design", optgroup="Making"),
            SelectChoice("data", "Data", optgroup="Making"),
            SelectChoice("people", "People", optgroup="Caring"),
            SelectChoice("support", HOSTILE, optgroup="Caring"),
        ],
    )
    consent = BooleanField(
        "Yes, keep my details and write to me about working here.",
        [DataRequired("We may only write with your yes.")],
    )


@room.get("/dev/parts")
def parts() -> ResponseReturnValue:
    """Show all parts in the face that `?face=` names: site, me, plain or staff."""
    face = request.args.get("face", "site")
    if face not in FACES:
        abort(404)
    fine = PartsForm(
        MultiDict(
            [
                ("fine-name", NAMES[1]),
                ("fine-place", "ber"),
                ("fine-interests", "design"),
                ("fine-interests", "data"),
                ("fine-level", "going"),
            ]
        ),
        meta={"csrf": False},
        prefix="fine-",
    )
    wrong = PartsForm(
        MultiDict(
            [
                ("wrong-email", HOSTILE),
                ("wrong-about", "Long. " * 30),
                ("wrong-seats", "9000"),
                ("wrong-place", "ber"),
            ]
        ),
        meta={"csrf": False},
        prefix="wrong-",
    )
    wrong.validate()
    return render_template(
        "parts/dev.html",
        face=face,
        fine=fine,
        wrong=wrong,
        names=NAMES,
        hostile=HOSTILE,
        moment=datetime(2027, 3, 3, 17, 0, tzinfo=UTC),
    )


@room.get("/dev/parts/problem/<int:code>")
def problem(code: int) -> ResponseReturnValue:
    """Show the page of a mistake without making it."""
    if not 400 <= code <= 599:
        abort(404)
    abort(code)
