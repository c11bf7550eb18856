"""Fields of the staff entrance, and the words of their mistakes."""

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import DataRequired, Length

from portal.core import words
from portal.core.addresses import NotAnAddress, parse
from portal.staff.models import Role

_ROLE_WORDS = {
    Role.admin: "Admin: everything, and who works here",
    Role.recruiter: "Recruiter: members, segments, newsletters, events, stories, roles",
    Role.teammate: "Teammate: hosts events, tells stories",
    Role.viewer: "Viewer: reads, changes nothing, sees no names",
}


def _clean(value: str | None) -> str:
    return words.clean(value)


def _lines(value: str | None) -> str:
    return words.clean(value, lines=True)


class AddressField(EmailField):
    """An address, with words when it cannot be one."""

    def pre_validate(self, form: object) -> None:
        """Refuse what we could not write to."""
        try:
            parse(self.data or "")
        except NotAnAddress as wrong:
            raise ValidationError(str(wrong)) from wrong


class SignInForm(FlaskForm):
    """Where shall we send the link?"""

    address = AddressField("Your work address", [DataRequired("Please type your address.")], filters=[_clean])


class CodeForm(FlaskForm):
    """The six digits from the mail."""

    code = StringField("Code from the mail", [DataRequired("Please type the six digits."), Length(max=20)])


class SecondStepForm(FlaskForm):
    """The second factor: the app's code, or one from paper."""

    code = StringField(
        "Code from your app",
        [
            DataRequired("Please type the code your app shows."),
            Length(max=40, message="That is too long for a code."),
        ],
    )


class InviteForm(FlaskForm):
    """Somebody new on the staff."""

    address = AddressField("Work address", [DataRequired("Please type their address.")], filters=[_clean])
    name = StringField(
        "Name",
        [DataRequired("Please type their name."), Length(max=120, message="At most 120 letters, please.")],
        filters=[_clean],
    )
    title = StringField(
        "What they do", [Length(max=120, message="At most 120 letters, please.")], filters=[_clean]
    )
    role = SelectField(
        "What they may do here",
        choices=[SelectChoice(value, label) for value, label in _ROLE_WORDS.items()],
        default=Role.teammate,
    )


class RoleForm(FlaskForm):
    """Another role for somebody."""

    role = SelectField(
        "What they may do here", choices=[SelectChoice(value, label) for value, label in _ROLE_WORDS.items()]
    )


class ProfileForm(FlaskForm):
    """How somebody is shown."""

    name = StringField(
        "Name",
        [DataRequired("Please type your name."), Length(max=120, message="At most 120 letters, please.")],
        filters=[_clean],
    )
    title = StringField(
        "What you do", [Length(max=120, message="At most 120 letters, please.")], filters=[_clean]
    )
    bio = TextAreaField(
        "A few lines about you",
        [Length(max=1500, message="At most 1,500 letters, please.")],
        filters=[_lines],
    )
    zone = SelectField("Time zone", validate_choice=True)
