"""An invitation to an event: for whom, in which words, and the two mailings it may become."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Invitation(Base):
    """A letter to the members of a segment (without one, to all) who chose to hear of events.

    `sequence` is the event's when it was sent: an invitation to a time or a place that changed since goes no further.
    """

    __tablename__ = "invitations"
    # Its mailings are named after it, so an id is never used again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"), index=True)
    line: Mapped[str] = mapped_column(Text, default="", server_default="")
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"), index=True)
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"), index=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.mailing_id is None
