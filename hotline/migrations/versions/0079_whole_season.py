"""indexes for what pages and sweeps ask of a whole season."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_TOLD = sa.text("estimated_at IS NOT NULL")
_SEALED = sa.text("confidentiality = 'sealed'")
_DELETED = ("audio_deleted_at", "text_deleted_at")
_UNSIGNED = sa.text("signed_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_ticket_registrar", "ticket", ["registered_by_id", "registered_at"])
    op.create_index("ix_ticket_sealed", "ticket", ["id"], sqlite_where=_SEALED, postgresql_where=_SEALED)
    op.drop_index("ix_assignment_department_id", "assignment")
    op.create_index("ix_assignment_led", "assignment", ["department_id", "role", "dispatched_at"])
    op.create_index(
        "ix_assignment_unsigned",
        "assignment",
        ["sign_due_at"],
        sqlite_where=_UNSIGNED,
        postgresql_where=_UNSIGNED,
    )
    for name in _DELETED:
        gone = sa.text(f"{name} IS NOT NULL")
        index = f"ix_recording_{name}"
        op.create_index(index, "recording", [name], sqlite_where=gone, postgresql_where=gone)
    op.create_index("ix_deletion_entry_recording_id", "deletion_entry", ["recording_id"])
    op.drop_index("ix_call_agent_id", "call")
    op.create_index("ix_call_agent_answered", "call", ["agent_id", "answered_at"])
    op.create_index("ix_call_ended_at", "call", ["ended_at"])
    op.create_index("ix_call_estimated", "call", ["answered_at"], sqlite_where=_TOLD, postgresql_where=_TOLD)


def downgrade() -> None:
    for name in ("ix_call_estimated", "ix_call_ended_at", "ix_call_agent_answered"):
        op.drop_index(name, "call")
    op.create_index("ix_call_agent_id", "call", ["agent_id"])
    op.drop_index("ix_deletion_entry_recording_id", "deletion_entry")
    for name in _DELETED:
        op.drop_index(f"ix_recording_{name}", "recording")
    for name in ("ix_assignment_unsigned", "ix_assignment_led"):
        op.drop_index(name, "assignment")
    op.create_index("ix_assignment_department_id", "assignment", ["department_id"])
    op.drop_index("ix_ticket_sealed", "ticket")
    op.drop_index("ix_ticket_registrar", "ticket")
