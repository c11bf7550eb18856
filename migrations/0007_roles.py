"""Open roles.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "open_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=140), nullable=False),
        sa.Column("summary", sa.String(length=240), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("work_mode", sa.String(length=20), nullable=True),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("is_pool", sa.Boolean(), nullable=False),
        sa.Column("pay", sa.String(length=120), nullable=False),
        sa.Column("apply_url", sa.String(length=500), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_open_roles_confirmed_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_roles")),
        sa.UniqueConstraint("slug", name=op.f("uq_open_roles_slug")),
    )
    op.create_index("ix_open_roles_opened", "open_roles", ["state", "opened_at", "id"], unique=False)
    op.create_table(
        "role_interests",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interest_id"], ["interests.id"], name=op.f("fk_role_interests_interest_id_interests")
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["open_roles.id"],
            name=op.f("fk_role_interests_role_id_open_roles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("role_id", "interest_id", name=op.f("pk_role_interests")),
    )
    op.create_index(op.f("ix_role_interests_interest_id"), "role_interests", ["interest_id"], unique=False)
    op.create_table(
        "role_places",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_role_places_place_id_places")),
        sa.ForeignKeyConstraint(
            ["role_id"], ["open_roles.id"], name=op.f("fk_role_places_role_id_open_roles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "place_id", name=op.f("pk_role_places")),
    )
    op.create_index(op.f("ix_role_places_place_id"), "role_places", ["place_id"], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_index(op.f("ix_role_places_place_id"), table_name="role_places")
    op.drop_table("role_places")
    op.drop_index(op.f("ix_role_interests_interest_id"), table_name="role_interests")
    op.drop_table("role_interests")
    op.drop_index("ix_open_roles_opened", table_name="open_roles")
    op.drop_table("open_roles")
