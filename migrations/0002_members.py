"""Members, consents, notes, and what is left of the forgotten.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_person", "consents", ["person", "id"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("receipt", name=op.f("uq_erasures_receipt")),
    )
    op.create_table(
        "forgotten_addresses",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_forgotten_addresses")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("ledger_key", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("call_name", sa.String(length=60), nullable=False),
        sa.Column("search_name", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_version", sa.String(length=20), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("work_mode", sa.String(length=20), nullable=True),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("is_open_to_move", sa.Boolean(), nullable=False),
        sa.Column("interest_mask", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("birthday_month", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_day", sa.SmallInteger(), nullable=True),
        sa.Column("anniversary_month", sa.SmallInteger(), nullable=True),
        sa.Column("anniversary_day", sa.SmallInteger(), nullable=True),
        sa.Column("may_measure", sa.Boolean(), nullable=True),
        sa.Column("choices_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("birthday_day BETWEEN 1 AND 31", name=op.f("ck_members_birthday_day")),
        sa.CheckConstraint("birthday_month BETWEEN 1 AND 12", name=op.f("ck_members_birthday_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("address_key", name=op.f("uq_members_address_key")),
        sa.UniqueConstraint("ledger_key", name=op.f("uq_members_ledger_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_members_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_members_confirmed_at", "members", ["confirmed_at"], unique=False)
    op.create_index(
        "ix_members_listing",
        "members",
        ["status", "asked_at", "id", "confirmed_at", "level", "interest_mask", "paused_until", "search_name"],
        unique=False,
    )
    op.create_index("ix_members_search_name", "members", ["search_name"], unique=False)
    op.create_index("ix_members_status", "members", ["status", "country", "interest_mask"], unique=False)
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("old_address", sa.String(length=254), nullable=False),
        sa.Column("new_address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_address_changes_member_id_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_address_changes_member_id"), "address_changes", ["member_id"], unique=False)
    op.create_table(
        "member_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_notes_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_member_notes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_notes")),
    )
    op.create_index(op.f("ix_member_notes_member_id"), "member_notes", ["member_id"], unique=False)
    append_only("consents")


def downgrade() -> None:
    """Undo this step."""
    op.execute(
        "DROP FUNCTION IF EXISTS consents_are_append_only CASCADE"
    ) if op.get_bind().dialect.name == "postgresql" else None
    op.drop_index(op.f("ix_member_notes_member_id"), table_name="member_notes")
    op.drop_table("member_notes")
    op.drop_index(op.f("ix_address_changes_member_id"), table_name="address_changes")
    op.drop_table("address_changes")
    op.drop_index("ix_members_status", table_name="members")
    op.drop_index("ix_members_search_name", table_name="members")
    op.drop_index("ix_members_listing", table_name="members")
    op.drop_index("ix_members_confirmed_at", table_name="members")
    op.drop_table("members")
    op.drop_table("forgotten_addresses")
    op.drop_table("erasures")
    op.drop_index("ix_consents_person", table_name="consents")
    op.drop_table("consents")


def append_only(table: str) -> None:
    """Let the database refuse to change or remove a line of this table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} are append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_are_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        )
