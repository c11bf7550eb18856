"""Open roles, and who said that they are real."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice
from portal.members.models import Level, WorkMode


class RoleState(StrEnum):
    """Whether one can apply."""

    draft = "draft"
    open = "open"
    closed = "closed"


class OpenRole(Base):
    """A role one can apply for elsewhere; `is_pool` says honestly that it is always open."""

    __tablename__ = "open_roles"
    __table_args__ = (Index("ix_open_roles_opened", "state", "opened_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    summary: Mapped[str] = mapped_column(String(240))
    description: Mapped[str] = mapped_column(Text)
    level: Mapped[Level | None] = mapped_column(choice(Level))
    work_mode: Mapped[WorkMode | None] = mapped_column(choice(WorkMode))
    is_remote: Mapped[bool] = mapped_column(default=False)
    is_pool: Mapped[bool] = mapped_column(default=False)
    pay: Mapped[str] = mapped_column(String(120), default="")
    apply_url: Mapped[str] = mapped_column(String(500))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    state: Mapped[RoleState] = mapped_column(choice(RoleState))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def is_open(self) -> bool:
        """Whether one can apply."""
        return self.state is RoleState.open


class RoleInterest(Base):
    """What a role is about."""

    __tablename__ = "role_interests"

    role_id: Mapped[int] = mapped_column(ForeignKey("open_roles.id", ondelete="CASCADE"), primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)


class RolePlace(Base):
    """Where a role can be done."""

    __tablename__ = "role_places"

    role_id: Mapped[int] = mapped_column(ForeignKey("open_roles.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, index=True)
