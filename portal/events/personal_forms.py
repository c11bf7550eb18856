"""The forms on one's own pages of events: a calendar's address, and when to be reminded."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from portal.events.reminders import Lead


class FeedForm(FlaskForm):
    """Two buttons: another address, or none."""

    deed = StringField(validators=[AnyOf(["renew", "close"])])


class ReminderForm(FlaskForm):
    """When to be reminded."""

    lead = StringField(validators=[AnyOf([lead.value for lead in Lead])])
