"""passkeys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'b7565442a277'
down_revision = 'dd4a3b665c08'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('passkey_challenge',
    sa.Column('sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('ceremony', sa.String(length=8), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_passkey_challenge'))
    )
    with op.batch_alter_table('passkey_challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_challenge_began_at'), ['began_at'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('credential_sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('credential', sa.LargeBinary(), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('synced', sa.Boolean(), nullable=False),
    sa.Column('backed_up', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_passkey_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_sha256', name=op.f('uq_passkey_credential_sha256'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_user'), ['user'], unique=False)

    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way', sa.String(length=12), nullable=False, server_default='password'))
        batch_op.add_column(sa.Column('device', sa.String(length=12), nullable=False, server_default=''))
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.alter_column('way', server_default=None)
        batch_op.alter_column('device', server_default=None)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
