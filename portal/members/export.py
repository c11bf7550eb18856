"""Everything we keep about a member, as one file to take along."""

from datetime import datetime

import orjson

from portal.core import clock
from portal.members import traces
from portal.members.models import Member


def as_json(member: Member) -> bytes:
    """All that is kept, as readable JSON; moments are in UTC."""
    whole = {
        "made at": clock.now(),
        "about": f"Everything {member.address} has told us, and what we keep beside it",
        **{held.name: {"what": held.words, "rows": held.rows} for held in traces.everything(member)},
    }
    return orjson.dumps(whole, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)


def file_name(made_at: datetime) -> str:
    """What the file is called; it names nobody."""
    return f"my-data-{made_at:%Y-%m-%d}.json"
