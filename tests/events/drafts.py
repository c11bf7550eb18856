"""What somebody would have typed to make an event as it is stored."""

from portal.events import queries
from portal.events.actions import Draft

FIELDS = (
    "title slug summary description format place_id venue join_url zone starts_at ends_at capacity host_id "
    "picture_alt outcome"
)


def draft_of(event, **changes):
    values = {name: getattr(event, name) for name in FIELDS.split()}
    values |= {"interest_ids": tuple(queries.interest_ids(event.id)), "picture": event.picture or ""}
    return Draft(**(values | changes))
