"""Tags, owners, tasks and the contact promise.

Revision: 0016, after 0015.
"""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this step."""


def downgrade() -> None:
    """Undo this step."""
