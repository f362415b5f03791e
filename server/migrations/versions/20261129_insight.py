"""insight"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'd8e24b85b28b'
down_revision = '0f4b023b44ca'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('insight',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('tenancy', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('prepared_by', sa.String(length=36), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=36), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_by', sa.String(length=36), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insight'))
    )
    with op.batch_alter_table('insight', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insight_tenancy'), ['tenancy'], unique=False)

    op.create_table('insight_record',
    sa.Column('insight', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['insight'], ['insight.id'], name=op.f('fk_insight_record_insight')),
    sa.PrimaryKeyConstraint('insight', 'record', name=op.f('pk_insight_record')),
    sqlite_with_rowid=False
    )
    op.create_table('redaction',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('insight', sa.String(length=36), nullable=False),
    sa.Column('tenancy', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('start', sa.Integer(), nullable=True),
    sa.Column('end', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['insight'], ['insight.id'], name=op.f('fk_redaction_insight')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redaction'))
    )
    with op.batch_alter_table('redaction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_redaction_insight'), ['insight'], unique=False)
        batch_op.create_index(batch_op.f('ix_redaction_record'), ['record'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
