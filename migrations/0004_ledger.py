"""The ledger of every mail.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""
    op.create_table(
        "mail_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_asks")),
    )
    op.create_index("ix_mail_asks_domain", "mail_asks", ["domain", "at"], unique=False)
    op.create_index("ix_mail_asks_mailbox", "mail_asks", ["mailbox", "at"], unique=False)
    op.create_index("ix_mail_asks_requester", "mail_asks", ["requester", "at"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint(
            "address_key", "stream", "reason", name=op.f("uq_suppressions_address_key_stream_reason")
        ),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("intended", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sender_name", sa.String(length=120), nullable=False),
        sa.Column("sender_address", sa.String(length=254), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_mailings_started_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("about", name=op.f("uq_mailings_about")),
    )
    op.create_index(op.f("ix_mailings_state"), "mailings", ["state"], unique=False)
    op.create_table(
        "mailing_variants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("mask", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["mailings.id"],
            name=op.f("fk_mailing_variants_mailing_id_mailings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_variants")),
        sa.UniqueConstraint("mailing_id", "mask", name=op.f("uq_mailing_variants_mailing_id_mask")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("letter", sa.String(length=60), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=True),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column(
            "mask", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False
        ),
        sa.Column("is_tracked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=300), server_default="", nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=120), server_default="", nullable=False),
        sa.Column("aftermath", sa.String(length=20), nullable=True),
        sa.Column("aftermath_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(mailing_id IS NULL) <> (occasion IS NULL)", name=op.f("ck_messages_one_origin")),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_messages_mailing_id_mailings")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_messages_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("address_key", "mailing_id", name=op.f("uq_messages_address_key_mailing_id")),
        sa.UniqueConstraint("member_id", "mailing_id", name=op.f("uq_messages_member_id_mailing_id")),
        postgresql_with={"fillfactor": 60},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_messages_line",
        "messages",
        ["line", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("line IS NOT NULL"),
        postgresql_where=sa.text("line IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_mailing", "messages", ["mailing_id", "mask", "is_tracked", "id"], unique=False
    )
    op.create_index(
        "uq_messages_letter",
        "messages",
        ["letter", "occasion", "address_key"],
        unique=True,
        sqlite_where=sa.text("occasion IS NOT NULL"),
        postgresql_where=sa.text("occasion IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_index(
        "uq_messages_letter",
        table_name="messages",
        sqlite_where=sa.text("occasion IS NOT NULL"),
        postgresql_where=sa.text("occasion IS NOT NULL"),
    )
    op.drop_index("ix_messages_mailing", table_name="messages")
    op.drop_index(
        "ix_messages_line",
        table_name="messages",
        sqlite_where=sa.text("line IS NOT NULL"),
        postgresql_where=sa.text("line IS NOT NULL"),
    )
    op.drop_table("messages")
    op.drop_table("mailing_variants")
    op.drop_index(op.f("ix_mailings_state"), table_name="mailings")
    op.drop_table("mailings")
    op.drop_table("suppressions")
    op.drop_index("ix_mail_asks_requester", table_name="mail_asks")
    op.drop_index("ix_mail_asks_mailbox", table_name="mail_asks")
    op.drop_index("ix_mail_asks_domain", table_name="mail_asks")
    op.drop_table("mail_asks")
