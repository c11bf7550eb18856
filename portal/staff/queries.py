"""Questions about staff."""

from portal.core.db import session
from portal.staff.models import Staff


def by_id(staff_id: int) -> Staff | None:
    """The staff person with that id."""
    return session().get(Staff, staff_id)
