"""Fields of the staff pages of mail."""

from wtforms import Form, SearchField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import Length, Optional

from portal.core import words
from portal.mail.stopped import Why


class SearchForm(Form):
    """Narrows the list of addresses; sent by GET, so that a search is an address that can be kept."""

    q = SearchField(
        "Address, or a part of it",
        [Optional(), Length(max=254, message="At most 254 letters, please.")],
        filters=[words.clean],
    )
    why = SelectField(
        "Reason", choices=[SelectChoice(one.value, one.words) for one in Why], default=Why.any.value
    )
