"""archive"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0f4b023b44ca'
down_revision = 'e17000f080a5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('archive_package',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('manifest', sa.String(length=64), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=True),
    sa.Column('received_by', sa.String(length=60), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archive_package'))
    )
    op.create_table('archive_line',
    sa.Column('package', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['package'], ['archive_package.id'], name=op.f('fk_archive_line_package'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['record'], ['record.id'], name=op.f('fk_archive_line_record'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('package', 'record', name=op.f('pk_archive_line'))
    )
    with op.batch_alter_table('archive_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_archive_line_record'), ['record'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
