"""Events and answers to them.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=140), nullable=False),
        sa.Column("summary", sa.String(length=240), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("join_url", sa.String(length=500), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=32), nullable=True),
        sa.Column("picture_alt", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("called_off_why", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_events_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_events_ends_after_it_starts")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_events_taken")),
        sa.ForeignKeyConstraint(["host_id"], ["staff.id"], name=op.f("fk_events_host_id_staff")),
        sa.ForeignKeyConstraint(["picture"], ["pictures.digest"], name=op.f("fk_events_picture_pictures")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_events_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("slug", name=op.f("uq_events_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_events_uid")),
    )
    op.create_index(op.f("ix_events_host_id"), "events", ["host_id"], unique=False)
    op.create_index("ix_events_starts_at", "events", ["state", "starts_at"], unique=False)
    op.create_table(
        "event_interests",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_interests_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interest_id"], ["interests.id"], name=op.f("fk_event_interests_interest_id_interests")
        ),
        sa.PrimaryKeyConstraint("event_id", "interest_id", name=op.f("pk_event_interests")),
    )
    op.create_index(op.f("ix_event_interests_interest_id"), "event_interests", ["interest_id"], unique=False)
    op.create_table(
        "rsvps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_rsvps_event_id_events")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_rsvps_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvps")),
        sa.UniqueConstraint("event_id", "member_id", name=op.f("uq_rsvps_event_id_member_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rsvps_line", "rsvps", ["event_id", "answer", "asked_at", "id"], unique=False)
    op.create_index("ix_rsvps_member", "rsvps", ["member_id", "event_id"], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_index("ix_rsvps_member", table_name="rsvps")
    op.drop_index("ix_rsvps_line", table_name="rsvps")
    op.drop_table("rsvps")
    op.drop_index(op.f("ix_event_interests_interest_id"), table_name="event_interests")
    op.drop_table("event_interests")
    op.drop_index("ix_events_starts_at", table_name="events")
    op.drop_index(op.f("ix_events_host_id"), table_name="events")
    op.drop_table("events")
