"""trust"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'dd4a3b665c08'
down_revision = 'be640dc2b38c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('access_seen',
    sa.Column('record', sa.LargeBinary(length=16), nullable=False),
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('record', 'position', name=op.f('pk_access_seen')),
    sqlite_with_rowid=False
    )
    op.create_table('api_token',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('kinds', sa.Text(), nullable=False),
    sa.Column('imports', sa.Boolean(), nullable=False),
    sa.Column('made_by', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest'))
    )
    op.create_table('opening',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('home', sa.String(length=36), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reviewed_by', sa.String(length=36), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fit', sa.Boolean(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening'))
    )
    with op.batch_alter_table('opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_opening_user'), ['user'], unique=False)

    op.create_table('opened_record',
    sa.Column('opening', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['opening'], ['opening.id'], name=op.f('fk_opened_record_opening')),
    sa.PrimaryKeyConstraint('opening', 'record', name=op.f('pk_opened_record')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('access_head', schema=None) as batch_op:
        batch_op.add_column(sa.Column('indexed', sa.BigInteger(), server_default='0', nullable=False))

    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('under', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_receipt_under'), ['under'], unique=False)

    with op.batch_alter_table('safety_letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sort', sa.String(length=12), server_default='alone', nullable=False))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
