"""erasure_receipt"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '39ee19d287c4'
down_revision = '4572e5a43e20'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('erasure_receipt',
    sa.Column('erasure', sa.String(length=36), nullable=False),
    sa.Column('replica', sa.String(length=36), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('erasure', 'replica', name=op.f('pk_erasure_receipt'))
    )
    with op.batch_alter_table('erasure_receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_receipt_replica'), ['replica'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
