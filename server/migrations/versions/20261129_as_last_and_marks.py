"""as_last_and_marks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '63ac968b5ca9'
down_revision = 'b7565442a277'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('drawn_on', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_attachment_drawn_on'), ['drawn_on'], unique=False)

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('as_last', sa.Boolean(), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
