"""Imports, exports and where people come from.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "join_counts",
    "source_links",
    "sheet_changes",
    "sheet_rows",
    "invited_addresses",
    "sheet_exports",
    "sheet_imports",
)


def upgrade() -> None:
    """Make the tables of this step. What stands in a profile already counts as the member's own word."""
    op.add_column(
        "members", sa.Column("own_fields", sa.SmallInteger(), server_default="4095", nullable=False)
    )
    _imports()
    _rows()
    op.create_table(
        "sheet_changes",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_imports.id"],
            name=op.f("fk_sheet_changes_import_id_sheet_imports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sheet_changes_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "member_id", name=op.f("pk_sheet_changes")),
    )
    op.create_index("ix_sheet_changes_member", "sheet_changes", ["member_id"])
    op.create_table(
        "invited_addresses",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_imports.id"],
            name=op.f("fk_invited_addresses_import_id_sheet_imports"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invited_addresses")),
    )
    _exports()
    _sources()


def downgrade() -> None:
    """Undo this step."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("members", "own_fields")


def _imports() -> None:
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("encoding", sa.String(40), nullable=False),
        sa.Column("separator", sa.String(1), nullable=False),
        sa.Column("has_head", sa.Boolean(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("is_inviting", sa.Boolean(), nullable=False),
        sa.Column("is_adding", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(32), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_sheet_imports_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_imports_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sheet_imports_stage"), "sheet_imports", ["stage"])


def _rows() -> None:
    op.create_table(
        "sheet_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("address_key", sa.String(254), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("given", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("call_name", sa.String(60), nullable=False),
        sa.Column("search_name", sa.String(400), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("work_mode", sa.String(20), nullable=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("is_open_to_move", sa.Boolean(), nullable=False),
        sa.Column("birthday_month", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_day", sa.SmallInteger(), nullable=True),
        sa.Column("anniversary_month", sa.SmallInteger(), nullable=True),
        sa.Column("anniversary_day", sa.SmallInteger(), nullable=True),
        sa.Column("interest_mask", BIG, nullable=False),
        sa.Column("place_ids", sa.Text(), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("ledger_key", sa.String(32), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_imports.id"],
            name=op.f("fk_sheet_rows_import_id_sheet_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_sheet_rows")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sheet_rows_address", "sheet_rows", ["import_id", "address_key", "number"])


def _exports() -> None:
    op.create_table(
        "sheet_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("has_mark", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("times_taken", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(32), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_sheet_exports_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_exports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_exports_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sheet_exports_made_by"), "sheet_exports", ["made_by"])
    op.create_index(op.f("ix_sheet_exports_stage"), "sheet_exports", ["stage"])


def _sources() -> None:
    op.create_table(
        "source_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_source_links_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_links")),
        sa.UniqueConstraint("tag", name=op.f("uq_source_links_tag")),
    )
    op.create_table(
        "join_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tag", sa.String(60), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "tag", "step", name=op.f("pk_join_counts")),
    )
