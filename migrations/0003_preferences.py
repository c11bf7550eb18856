"""Interests, places, and what members chose.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("bit", sa.SmallInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        sa.UniqueConstraint("bit", name=op.f("uq_interests_bit")),
        sa.UniqueConstraint("name", name=op.f("uq_interests_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_interests_slug")),
    )
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("slug", name=op.f("uq_places_slug")),
    )
    op.create_table(
        "leaving_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_leaving_reasons_member_id_members"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving_reasons")),
    )
    op.create_index("ix_leaving_reasons_at", "leaving_reasons", ["at"], unique=False)
    op.create_index("ix_leaving_reasons_member", "leaving_reasons", ["member_id"], unique=False)
    op.create_table(
        "member_interests",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interest_id"], ["interests.id"], name=op.f("fk_member_interests_interest_id_interests")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_member_interests_member_id_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "interest_id", name=op.f("pk_member_interests")),
    )
    op.create_index(
        op.f("ix_member_interests_interest_id"), "member_interests", ["interest_id"], unique=False
    )
    op.create_table(
        "member_places",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_places_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_member_places_place_id_places")),
        sa.PrimaryKeyConstraint("member_id", "place_id", name=op.f("pk_member_places")),
    )
    op.create_index(op.f("ix_member_places_place_id"), "member_places", ["place_id"], unique=False)
    op.create_table(
        "topic_choices",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("cadence", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_topic_choices_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "topic", name=op.f("pk_topic_choices")),
        sa.UniqueConstraint("topic", "member_id", name=op.f("uq_topic_choices_topic_member_id")),
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("topic_choices")
    op.drop_index(op.f("ix_member_places_place_id"), table_name="member_places")
    op.drop_table("member_places")
    op.drop_index(op.f("ix_member_interests_interest_id"), table_name="member_interests")
    op.drop_table("member_interests")
    op.drop_index("ix_leaving_reasons_member", table_name="leaving_reasons")
    op.drop_index("ix_leaving_reasons_at", table_name="leaving_reasons")
    op.drop_table("leaving_reasons")
    op.drop_table("places")
    op.drop_table("interests")
