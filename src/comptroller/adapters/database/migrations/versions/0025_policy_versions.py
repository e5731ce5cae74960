"""A stored version of policy is no release: what is in force is told by a timeline of its own."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Call the columns what they say."""
    op.drop_index("ix_policy_tenant_pack_released_at", "policy")
    for old, new in (("released_at", "stored_at"), ("released_by", "stored_by")):
        op.alter_column("policy", old, new_column_name=new)
    op.create_index("ix_policy_tenant_pack_stored_at", "policy", ["tenant", "pack", "stored_at"])
