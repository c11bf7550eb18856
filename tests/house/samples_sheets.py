"""A file that came in, a list that went out, an invitation and a tagged link."""

from datetime import timedelta
from typing import Any

from portal.core import clock, tokens
from portal.mail.models import Lane, Message, State, Stream
from portal.members.models import Member
from portal.sheets.mail import INVITATION
from portal.sheets.models import Going, SheetExport, SheetImport, Stage
from portal.sheets.queries import NO_THANKS
from portal.sources.models import SourceLink
from portal.staff.models import Staff
from tests.world import World


def samples(world: World, author: Staff, member: Member) -> dict[str, Any]:
    """Put one of each into the world; return the arguments that lead to them."""
    moment = clock.now()
    sheet = world.make.stored(
        SheetImport(
            public_id="i" * 22, made_by=author.id, file_name="fair.csv", size=10, encoding="utf-8", separator=",",
            has_head=True, head=["Email"], columns=["address"], stage=Stage.checked, rows=1,
            counts={"new": 1}, created_at=moment,
        )
    )  # fmt: skip
    export = world.make.stored(
        SheetExport(
            public_id="e" * 22, made_by=author.id, about="Everybody", asked={}, reason="A sample.", is_whole=False,
            has_mark=True, stage=Going.over, created_at=moment, expires_at=moment + timedelta(days=1),
        )
    )  # fmt: skip
    message = world.make.stored(
        Message(
            letter=INVITATION, occasion="invitation", member_id=member.id, address="ada@example.org",
            address_key="ada@example.org", stream=Stream.account, lane=int(Lane.marketing), state=State.accepted,
            planned_at=moment, due_at=moment,
        )
    )  # fmt: skip
    link = world.make.stored(SourceLink(tag="fair", name="Fair", made_by=author.id, created_at=moment))
    with world.inside():
        no_thanks = tokens.seal(NO_THANKS, message.id)
    return {
        "sheets_admin.public_id": sheet.public_id,
        "sheets_admin.waiting.public_id": export.public_id,
        "sheets_admin.fetch.public_id": export.public_id,
        "sheets_admin.end.public_id": export.public_id,
        "sheets.token": no_thanks,
        "sources_admin.link_id": link.id,
    }
