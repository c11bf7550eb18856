"""People who work here, their second factor, and the lines of what they did."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice


class Role(StrEnum):
    """What somebody is here for."""

    admin = "admin"
    recruiter = "recruiter"
    teammate = "teammate"
    viewer = "viewer"


_EVERYBODY = frozenset({"today.see", "stories.see", "events.see", "roles.see", "newsletters.see"})
_TEAMMATE = _EVERYBODY | {"stories.edit", "events.host"}
_VIEWER = _EVERYBODY | {"insights.see", "segments.see", "members.count"}
_RECRUITER = (
    _TEAMMATE
    | _VIEWER
    | {
        "members.see",
        "members.edit",
        "members.export",
        "interests.edit",
        "segments.edit",
        "stories.publish",
        "events.edit",
        "roles.edit",
        "newsletters.edit",
        "newsletters.send",
        "mail.see",
    }
)
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.viewer: frozenset(_VIEWER),
    Role.teammate: frozenset(_TEAMMATE),
    Role.recruiter: frozenset(_RECRUITER),
    Role.admin: frozenset(_RECRUITER | {"staff.manage", "audit.see", "settings.see", "members.import"}),
}


class Staff(Base):
    """Somebody who works here and may sign in to the staff pages."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    bio: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[Role] = mapped_column(choice(Role))
    zone: Mapped[str] = mapped_column(String(64), default="")
    picture: Mapped[str] = mapped_column(String(64), default="")
    totp_secret: Mapped[str] = mapped_column(String(200), default="")
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    kind = "staff"
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.closed_at is None

    @property
    def has_second_factor(self) -> bool:
        """Whether an authenticator app has been connected."""
        return self.totp_confirmed_at is not None

    def get_id(self) -> str:
        """The id Flask-Login asks for."""
        return f"staff:{self.id}"

    def may(self, permission: str) -> bool:
        """Whether the role allows it."""
        return self.is_active and permission in PERMISSIONS[self.role]


class RecoveryCode(Base):
    """A code on paper for the day the phone is lost; kept as a hash, good once."""

    __tablename__ = "staff_recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class AuditLine(Base):
    """Something a staff person did. Lines are only ever added; the database refuses changes."""

    __tablename__ = "audit_lines"
    __table_args__ = (Index("ix_audit_lines_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
