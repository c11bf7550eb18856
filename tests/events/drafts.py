"""What somebody would have typed to make an event as it is stored."""

from portal.events import queries
from portal.events.actions import Draft
from portal.events.models import Format

FIELDS = (
    "title slug summary description format place_id venue join_url zone starts_at ends_at "
    "capacity_in_person capacity_online host_id picture_alt outcome"
)


def draft_of(event, **changes):
    values = {name: getattr(event, name) for name in FIELDS.split()}
    if "capacity" in changes:
        changes["capacity_online" if event.format is Format.online else "capacity_in_person"] = changes.pop(
            "capacity"
        )
    values |= {"interest_ids": tuple(queries.interest_ids(event.id)), "picture": event.picture or ""}
    return Draft(**(values | changes))
