"""What the provider tells us, and what readers let us measure.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "measurements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sight", sa.String(length=20), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurements")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_measurements_mailing", "measurements", ["mailing_id", "sight", "verdict"], unique=False
    )
    op.create_index("ix_measurements_message", "measurements", ["message_id", "at"], unique=False)
    op.create_index(
        "ix_measurements_unjudged",
        "measurements",
        ["id"],
        unique=False,
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_table(
        "provider_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("odd", sa.Integer(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_provider_batches_received_at", "provider_batches", ["received_at"], unique=False)
    op.create_index(
        "ix_provider_batches_waiting",
        "provider_batches",
        ["id"],
        unique=False,
        sqlite_where=sa.text("applied_at IS NULL"),
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.create_table(
        "provider_erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_erasures")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_provider_erasures_open",
        "provider_erasures",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_provider_erasures_receipt", "provider_erasures", ["receipt"], unique=False)
    op.create_table(
        "provider_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("standing", sa.SmallInteger(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("provider_id", sa.String(length=60), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint(
            "message_id", "kind", "at", "mark", name=op.f("uq_provider_events_message_id_kind_at_mark")
        ),
    )
    op.create_index(
        "ix_provider_events_address",
        "provider_events",
        ["address_key"],
        unique=False,
        sqlite_where=sa.text("address_key <> ''"),
        postgresql_where=sa.text("address_key <> ''"),
    )
    op.create_index("ix_provider_events_batch", "provider_events", ["batch_id"], unique=False)
    op.create_index(
        "ix_provider_events_open",
        "provider_events",
        ["standing", "id"],
        unique=False,
        sqlite_where=sa.text("standing <> 0"),
        postgresql_where=sa.text("standing <> 0"),
    )
    op.create_table(
        "set_aside_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside_events")),
        sa.UniqueConstraint("digest", name=op.f("uq_set_aside_events_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_set_aside_events_at"), "set_aside_events", ["at"], unique=False)
    op.create_table(
        "suppression_lifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_lifts")),
        sa.UniqueConstraint("address_key", "stream", name=op.f("uq_suppression_lifts_address_key_stream")),
    )
    op.create_table(
        "mailing_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["mailings.id"],
            name=op.f("fk_mailing_links_mailing_id_mailings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_links")),
        sa.UniqueConstraint("mailing_id", "number", name=op.f("uq_mailing_links_mailing_id_number")),
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("mailing_links")
    op.drop_table("suppression_lifts")
    op.drop_index(op.f("ix_set_aside_events_at"), table_name="set_aside_events")
    op.drop_table("set_aside_events")
    op.drop_index(
        "ix_provider_events_open",
        table_name="provider_events",
        sqlite_where=sa.text("standing <> 0"),
        postgresql_where=sa.text("standing <> 0"),
    )
    op.drop_index("ix_provider_events_batch", table_name="provider_events")
    op.drop_index(
        "ix_provider_events_address",
        table_name="provider_events",
        sqlite_where=sa.text("address_key <> ''"),
        postgresql_where=sa.text("address_key <> ''"),
    )
    op.drop_table("provider_events")
    op.drop_index("ix_provider_erasures_receipt", table_name="provider_erasures")
    op.drop_index(
        "ix_provider_erasures_open",
        table_name="provider_erasures",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("provider_erasures")
    op.drop_index(
        "ix_provider_batches_waiting",
        table_name="provider_batches",
        sqlite_where=sa.text("applied_at IS NULL"),
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.drop_index("ix_provider_batches_received_at", table_name="provider_batches")
    op.drop_table("provider_batches")
    op.drop_index(
        "ix_measurements_unjudged",
        table_name="measurements",
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.drop_index("ix_measurements_message", table_name="measurements")
    op.drop_index("ix_measurements_mailing", table_name="measurements")
    op.drop_table("measurements")
