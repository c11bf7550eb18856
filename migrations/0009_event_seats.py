"""Seats in person and online, offers, guests from outside, and a receipt for every change.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTERS = ("capacity", "taken")


def upgrade() -> None:
    """Make the tables of this step."""
    for name in COUNTERS:
        op.execute(f"ALTER TABLE events RENAME COLUMN {name} TO {name}_in_person")
        op.execute(
            f"ALTER TABLE events ADD COLUMN {name}_online INTEGER NOT NULL DEFAULT 0"
            f" CONSTRAINT ck_events_{name}_online CHECK ({name}_online >= 0)"
        )
    op.execute(
        "UPDATE events SET capacity_online = capacity_in_person, taken_online = taken_in_person,"
        " capacity_in_person = 0, taken_in_person = 0 WHERE format = 'online'"
    )
    op.add_column("events", sa.Column("tickets", sa.Integer(), nullable=False, server_default="0"))
    # What is there already was not counted from the start.
    op.add_column("events", sa.Column("given_back", sa.Integer(), nullable=True))
    op.create_table(
        "event_hosts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_hosts_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_event_hosts_staff_id_staff")),
        sa.PrimaryKeyConstraint("event_id", "staff_id", name=op.f("pk_event_hosts")),
    )
    op.create_index(op.f("ix_event_hosts_staff_id"), "event_hosts", ["staff_id"], unique=False)
    op.create_table(
        "event_guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_guests_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_guests")),
        sa.UniqueConstraint("event_id", "address_key", name=op.f("uq_event_guests_event_id_address_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_guests_address_key", "event_guests", ["address_key"], unique=False)
    _answers()
    op.create_table(
        "rsvp_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvps.id"], name=op.f("fk_rsvp_changes_rsvp_id_rsvps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvp_changes")),
        sa.UniqueConstraint("rsvp_id", "turn", name=op.f("uq_rsvp_changes_rsvp_id_turn")),
    )


def _answers() -> None:
    """Widen `rsvps`: SQLite has to copy the table for that, and must not forget which ids were given out."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    newest = None
    if is_sqlite:
        newest = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'rsvps'"))
    with op.batch_alter_table("rsvps", table_kwargs={"sqlite_autoincrement": True}) as rsvps:
        rsvps.alter_column("member_id", existing_type=sa.Integer(), nullable=True)
        rsvps.add_column(sa.Column("guest_id", sa.Integer(), nullable=True))
        rsvps.add_column(sa.Column("way", sa.String(length=20), nullable=False, server_default="in_person"))
        rsvps.add_column(sa.Column("ticket", sa.Integer(), nullable=False, server_default="0"))
        rsvps.add_column(sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True))
        rsvps.add_column(sa.Column("source", sa.String(length=60), nullable=False, server_default=""))
        rsvps.create_foreign_key(
            op.f("fk_rsvps_guest_id_event_guests"),
            "event_guests",
            ["guest_id"],
            ["id"],
            ondelete="SET NULL",
        )
        rsvps.create_unique_constraint(op.f("uq_rsvps_guest_id"), ["guest_id"])
        rsvps.create_check_constraint(op.f("ck_rsvps_one_person"), "member_id IS NULL OR guest_id IS NULL")
        rsvps.drop_index("ix_rsvps_line")
        rsvps.create_index("ix_rsvps_line", ["event_id", "answer", "way", "ticket", "id"], unique=False)
    if newest is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'rsvps'"))
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('rsvps', :newest)"), {"newest": newest}
        )
    with_an_offer = sa.text("offer_until IS NOT NULL")
    op.create_index(
        "ix_rsvps_offer_until",
        "rsvps",
        ["offer_until"],
        unique=False,
        sqlite_where=with_an_offer,
        postgresql_where=with_an_offer,
    )
    op.execute(
        "UPDATE rsvps SET way = 'online' WHERE event_id IN (SELECT id FROM events WHERE format = 'online')"
    )
    op.execute(
        "UPDATE rsvps SET ticket = line.place FROM (SELECT id,"
        " row_number() OVER (PARTITION BY event_id ORDER BY asked_at, id) AS place"
        " FROM rsvps WHERE answer = 'waiting') AS line WHERE line.id = rsvps.id"
    )
    op.execute(
        "UPDATE events SET tickets ="
        " (SELECT coalesce(max(ticket), 0) FROM rsvps WHERE rsvps.event_id = events.id)"
    )


def downgrade() -> None:
    """Undo this step; answers of guests, and offers, are lost."""
    op.drop_table("rsvp_changes")
    op.execute("DELETE FROM rsvps WHERE member_id IS NULL")
    op.execute("UPDATE rsvps SET answer = 'seat' WHERE answer = 'offered'")
    op.drop_index("ix_rsvps_offer_until", table_name="rsvps")
    with op.batch_alter_table("rsvps", table_kwargs={"sqlite_autoincrement": True}) as rsvps:
        rsvps.drop_index("ix_rsvps_line")
        rsvps.drop_constraint(op.f("ck_rsvps_one_person"), type_="check")
        rsvps.drop_constraint(op.f("uq_rsvps_guest_id"), type_="unique")
        rsvps.drop_constraint(op.f("fk_rsvps_guest_id_event_guests"), type_="foreignkey")
        for name in ("source", "offer_until", "ticket", "way", "guest_id"):
            rsvps.drop_column(name)
        rsvps.alter_column("member_id", existing_type=sa.Integer(), nullable=False)
        rsvps.create_index("ix_rsvps_line", ["event_id", "answer", "asked_at", "id"], unique=False)
    op.drop_index("ix_event_guests_address_key", table_name="event_guests")
    op.drop_table("event_guests")
    op.drop_index(op.f("ix_event_hosts_staff_id"), table_name="event_hosts")
    op.drop_table("event_hosts")
    op.drop_column("events", "given_back")
    op.drop_column("events", "tickets")
    op.execute(
        "UPDATE events SET capacity_in_person = capacity_in_person + capacity_online,"
        " taken_in_person = taken_in_person + taken_online"
    )
    for name in COUNTERS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE events DROP COLUMN {name}_online")
        else:
            with op.batch_alter_table("events") as events:
                events.drop_constraint(f"ck_events_{name}_online", type_="check")
                events.drop_column(f"{name}_online")
        op.execute(f"ALTER TABLE events RENAME COLUMN {name}_in_person TO {name}")
