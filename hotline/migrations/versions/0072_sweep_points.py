"""sweeps begin from a ticket and go place by place."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("campaign") as campaign:
        campaign.add_column(sa.Column("cause", sa.Text(), nullable=False, server_default=""))
        campaign.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        campaign.create_index(op.f("ix_campaign_source_id"), ["source_id"])
        campaign.create_foreign_key(op.f("fk_campaign_source_id"), "ticket", ["source_id"], ["id"])
    op.create_table(
        "campaign_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("has_fault", sa.Boolean(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("fix_by", sa.Date(), nullable=True),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_point_campaign_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_campaign_point_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_point")),
    )
    op.create_index(op.f("ix_campaign_point_campaign_id"), "campaign_point", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("campaign_point")
    with op.batch_alter_table("campaign") as campaign:
        campaign.drop_constraint(op.f("fk_campaign_source_id"), type_="foreignkey")
        campaign.drop_index(op.f("ix_campaign_source_id"))
        for name in ("source_id", "cause"):
            campaign.drop_column(name)
