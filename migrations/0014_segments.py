"""Criteria, versions and lists of segments.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FACETS = (
    "status",
    "country",
    "interest_mask",
    "paused_until",
    "level",
    "work_mode",
    "is_remote",
    "is_open_to_move",
    "readiness",
    "confirmed_at",
)


def upgrade() -> None:
    """Make the tables of this step."""
    op.add_column("members", sa.Column("readiness", sa.String(length=20), nullable=True))
    op.add_column("members", sa.Column("readiness_said_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_members_facets", "members", list(FACETS), unique=False, postgresql_include=["id"])
    op.create_index("ix_members_source", "members", ["source", "status"], unique=False)
    op.drop_index("ix_members_status", table_name="members")
    op.create_index(
        "ix_members_status", "members", ["status", "country", "interest_mask", "paused_until"], unique=False
    )
    op.create_index("ix_rsvps_attended", "rsvps", ["event_id", "attended", "member_id"], unique=False)
    op.create_index("ix_member_places_place", "member_places", ["place_id", "member_id"], unique=False)
    op.create_table(
        "segment_versions",
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"], name=op.f("fk_segment_versions_saved_by_staff")),
        sa.ForeignKeyConstraint(
            ["segment_id"],
            ["segments.id"],
            name=op.f("fk_segment_versions_segment_id_segments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segment_id", "version", name=op.f("pk_segment_versions")),
    )
    # Of what was saved before, only the last version is known.
    op.execute(
        "INSERT INTO segment_versions (segment_id, version, rule, saved_by, at)"
        " SELECT id, version, rule, made_by, changed_at FROM segments"
    )
    _tags()
    _lists()
    _search()


def downgrade() -> None:
    """Undo this step."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_members_trigrams")
    for table in ("picked_members", "picked_lists", "member_tags", "tags", "segment_versions"):
        op.drop_table(table)
    op.drop_index("ix_member_places_place", table_name="member_places")
    op.drop_index("ix_rsvps_attended", table_name="rsvps")
    op.drop_index("ix_members_status", table_name="members")
    op.create_index("ix_members_status", "members", ["status", "country", "interest_mask"], unique=False)
    op.drop_index("ix_members_source", table_name="members")
    op.drop_index("ix_members_facets", table_name="members")
    op.drop_column("members", "readiness_said_at")
    op.drop_column("members", "readiness")


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_tags_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_tags_slug")),
    )
    op.create_table(
        "member_tags",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_member_tags_given_by_staff")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_tags_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_member_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "tag_id", name=op.f("pk_member_tags")),
    )
    op.create_index("ix_member_tags_tag", "member_tags", ["tag_id", "member_id"], unique=False)


def _lists() -> None:
    op.create_table(
        "picked_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("line", sa.String(length=240), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_picked_lists_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picked_lists")),
        sa.UniqueConstraint("name", name=op.f("uq_picked_lists_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_picked_lists_slug")),
    )
    op.create_table(
        "picked_members",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("picked_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["picked_lists.id"],
            name=op.f("fk_picked_members_list_id_picked_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_picked_members_member_id_members"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["picked_by"], ["staff.id"], name=op.f("fk_picked_members_picked_by_staff")),
        sa.PrimaryKeyConstraint("list_id", "member_id", name=op.f("pk_picked_members")),
    )
    op.create_index(op.f("ix_picked_members_member_id"), "picked_members", ["member_id"], unique=False)


def _search() -> None:
    """Let PostgreSQL find letters inside a name by an index, where its own extension for that is at hand."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        # Not installed, or this role may not: a search then reads along the index of the list.
        return
    op.execute("CREATE INDEX ix_members_trigrams ON members USING gin (search_name gin_trgm_ops)")
