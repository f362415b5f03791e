"""Every table of the first contract."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'fb0c8c86cd21'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('access_list',
    sa.Column('version', sa.String(length=12), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_access_list'))
    )
    op.create_table('act',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act'))
    )
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_act_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_act_what'), ['what'], unique=False)

    op.create_table('clock',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('incarnation', sa.String(length=36), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.Column('demo_since', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock'))
    )
    op.create_table('gone',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gone'))
    )
    op.create_table('hold',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', sa.String(length=60), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_record'), ['record'], unique=False)

    op.create_table('job_run',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', 'period', name=op.f('pk_job_run'))
    )
    op.create_table('mutation',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('mid', sa.String(length=36), nullable=False),
    sa.Column('clash_of', sa.String(length=36), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('replica', sa.String(length=36), nullable=False),
    sa.Column('n', sa.BigInteger(), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('effect', sa.LargeBinary(), nullable=True),
    sa.Column('waits_for', sa.String(length=64), nullable=True),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_mutation')),
    sa.UniqueConstraint('mid', name=op.f('uq_mutation_mid'))
    )
    with op.batch_alter_table('mutation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mutation_record'), ['record'], unique=False)
        batch_op.create_index('ix_mutation_replica_n', ['replica', 'n'], unique=False)
        batch_op.create_index('ix_mutation_unsettled', ['waits_for'], unique=False, sqlite_where=sa.text("state IN ('held', 'custody')"), postgresql_where=sa.text("state IN ('held', 'custody')"))

    op.create_table('notice',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_given_at'), ['given_at'], unique=False)

    op.create_table('record',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('versions', sa.LargeBinary(), nullable=False),
    sa.Column('authors', sa.LargeBinary(), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record'))
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_area_kind'), ['area', 'kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_kind_changed_at'), ['kind', 'changed_at'], unique=False)

    op.create_table('scope_member',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('scope', sa.String(length=120), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('withheld', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'scope', name=op.f('pk_scope_member')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('scope_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scope_member_scope_seq_present'), ['scope', 'seq', 'present'], unique=False)
        batch_op.create_index('ix_scope_member_withheld', ['id'], unique=False, sqlite_where=sa.text('withheld'), postgresql_where=sa.text('withheld'))

    op.create_table('throttle',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttle'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account'))
    )
    op.create_table('access_grant',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_access_grant_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant'))
    )
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_grant_user'), ['user'], unique=False)

    op.create_table('addendum',
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('path', sa.String(length=129), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_addendum_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addendum'))
    )
    with op.batch_alter_table('addendum', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_addendum_record'), ['record'], unique=False)

    op.create_table('area',
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area'))
    )
    op.create_table('checklist_run',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('checklist', sa.String(length=20), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_checklist_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_run'))
    )
    with op.batch_alter_table('checklist_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checklist_run_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_visit'), ['visit'], unique=False)

    op.create_table('colleague',
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('team', sa.String(length=80), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_colleague_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_colleague'))
    )
    op.create_table('conversation',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_visit'), ['visit'], unique=False)

    op.create_table('dwelling',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('unit_number', sa.String(length=5), nullable=True),
    sa.Column('local_label', sa.String(length=40), nullable=True),
    sa.Column('floor', sa.Integer(), nullable=True),
    sa.Column('access', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_dwelling_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dwelling'))
    )
    with op.batch_alter_table('dwelling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dwelling_area'), ['area'], unique=False)

    op.create_table('entry',
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['record'], ['record.id'], name=op.f('fk_entry_record'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('record', 'field', 'key', name=op.f('pk_entry')),
    sqlite_with_rowid=False
    )
    op.create_table('identity',
    sa.Column('provider', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_identity_user')),
    sa.PrimaryKeyConstraint('provider', 'subject', name=op.f('pk_identity'))
    )
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_user'), ['user'], unique=False)

    op.create_table('login_session',
    sa.Column('token_sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_login_session_user')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_user'), ['user'], unique=False)

    op.create_table('planned_visit',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('purpose', sa.String(length=64), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('planned_at', sa.String(length=5), nullable=True),
    sa.Column('tenant_name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('done', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_planned_visit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_visit'))
    )
    with op.batch_alter_table('planned_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_visit_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_planned_on'), ['planned_on'], unique=False)

    op.create_table('receipt',
    sa.Column('mid', sa.String(length=36), nullable=True),
    sa.Column('replica', sa.String(length=36), nullable=True),
    sa.Column('n', sa.BigInteger(), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=True),
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('about_kind', sa.String(length=64), nullable=True),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('reviews', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('set', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_receipt_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_receipt_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_receipt_author'), ['author'], unique=False)

    op.create_table('replica',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('installation', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('public_key', sa.LargeBinary(length=65), nullable=False),
    sa.Column('highest_n', sa.BigInteger(), nullable=False),
    sa.Column('announced_n', sa.BigInteger(), nullable=False),
    sa.Column('open_n', sa.Text(), nullable=False),
    sa.Column('gaps', sa.Text(), nullable=False),
    sa.Column('forks', sa.Integer(), nullable=False),
    sa.Column('app', sa.String(length=40), nullable=False),
    sa.Column('contract', sa.Integer(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsent', sa.Integer(), nullable=False),
    sa.Column('oldest_unsent_s', sa.Integer(), nullable=False),
    sa.Column('free_mb', sa.Integer(), nullable=True),
    sa.Column('last_error', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_replica_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replica'))
    )
    with op.batch_alter_table('replica', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replica_user'), ['user'], unique=False)

    op.create_table('review',
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('about_kind', sa.String(length=40), nullable=True),
    sa.Column('path', sa.String(length=129), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=True),
    sa.Column('replica', sa.String(length=36), nullable=True),
    sa.Column('mid', sa.String(length=36), nullable=True),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('seen', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('other', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=64), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_review_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_author'), ['author'], unique=False)

    op.create_table('visit',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('planned_visit', sa.String(length=36), nullable=True),
    sa.Column('purpose', sa.String(length=64), nullable=True),
    sa.Column('visited_on', sa.Date(), nullable=True),
    sa.Column('access_basis', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.String(length=64), nullable=True),
    sa.Column('next_contact_on', sa.Date(), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_visit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_planned_visit'), ['planned_visit'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_visited_on'), ['visited_on'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
