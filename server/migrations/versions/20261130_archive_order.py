"""archive_order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '4a6857591653'
down_revision = 'cf4f64d624f0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('archive_order',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('package', sa.String(length=36), nullable=True),
    sa.Column('fault', sa.String(length=10), nullable=True),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archive_order')),
    sa.UniqueConstraint('waits', name=op.f('uq_archive_order_waits'))
    )


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
