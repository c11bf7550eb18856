"""From the slugs of the demo's texts to the rows they became."""

from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.demo import content_company as company
from portal.staff.models import Staff


def staff(slug: str) -> int:
    """The id of the colleague with that slug."""
    address = next(one.email for one in company.COLLEAGUES if one.slug == slug)
    found = session().scalar(select(Staff.id).where(Staff.address_key == address))
    if found is None:
        raise KeyError(slug)
    return found


def ids(model: Any, slugs: tuple[str, ...]) -> list[int]:
    """The ids of the rows with those slugs, in that order."""
    rows = {
        row.slug: row.id
        for row in session().execute(select(model.slug, model.id).where(model.slug.in_(slugs)))
    }
    return [rows[slug] for slug in slugs]
