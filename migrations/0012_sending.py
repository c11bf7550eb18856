"""How a mailing is steered.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    for column in _columns():
        op.add_column("mailings", column)
    op.add_column("messages", sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_settlements_message_id_messages")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_settlements_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
    )
    op.create_index(op.f("ix_settlements_message_id"), "settlements", ["message_id"])
    op.create_table(
        "residence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("beats", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_place", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
    )
    op.create_table(
        "mail_rests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_rests")),
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("mail_rests")
    op.drop_table("residence")
    op.drop_table("settlements")
    op.drop_column("messages", "attempted_at")
    for column in reversed(_columns()):
        op.drop_column("mailings", column.name)


def _columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("reason", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("is_local", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pilot", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("released", sa.Integer(), nullable=True),
        sa.Column("wave", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("wave_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uncertain", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looked_handed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looked_bounced", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("looked_complained", sa.Integer(), nullable=False, server_default="0"),
    )
