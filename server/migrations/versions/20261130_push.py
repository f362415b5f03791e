"""push"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'b7d2e4f90c16'
down_revision = 'a4c1d07e9b35'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('endpoint', sa.Text(), nullable=True))

    with op.batch_alter_table('safety_letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser', sa.String(length=64), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
