"""reason_index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'cf4f64d624f0'
down_revision = 'd8e24b85b28b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index('ix_access_log_why', ['position'], unique=False, sqlite_where=sa.text('why IS NOT NULL'), postgresql_where=sa.text('why IS NOT NULL'))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
