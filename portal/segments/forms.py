"""The fields of a segment beside its rule."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core import words


class SegmentForm(FlaskForm):
    """What a segment is called; its rule is a `builder.Group`."""

    name = StringField(
        "Name",
        [InputRequired("Give the segment a name."), Length(max=120, message="At most 120 letters, please.")],
        filters=[words.clean],
    )
    line = StringField(
        "What it is for",
        [Optional(), Length(max=240, message="At most 240 letters, please.")],
        filters=[words.clean],
    )


class RemoveForm(FlaskForm):
    """Only the token."""


class TagForm(FlaskForm):
    """A word to put on people."""

    name = StringField(
        "New tag",
        [InputRequired("Give the tag a name."), Length(max=60, message="At most 60 letters, please.")],
        filters=[words.clean],
    )


class ListForm(FlaskForm):
    """What a hand-picked list is called."""

    name = StringField(
        "New list",
        [InputRequired("Give the list a name."), Length(max=120, message="At most 120 letters, please.")],
        filters=[words.clean],
    )
    line = StringField(
        "What it is for",
        [Optional(), Length(max=240, message="At most 240 letters, please.")],
        filters=[words.clean],
    )


class PickForm(FlaskForm):
    """Who is put on a list."""

    person = StringField("Person", [InputRequired(), Length(max=22)])
