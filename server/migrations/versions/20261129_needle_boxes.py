"""needle_boxes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '4572e5a43e20'
down_revision = 'dc94cb330ef3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('needle_boxes', sa.Integer(), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
