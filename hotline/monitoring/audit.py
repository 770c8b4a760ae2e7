"""Writing the audit log: in the transaction of the act itself, so that no act is without its line."""

from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.context import Context
from hotline.monitoring.models import AuditEntry, Deed
from hotline.people.models import User


def note(
    session: Session,
    context: Context,
    deed: Deed,
    call: Call | None = None,
    whom: User | None = None,
    reason: str = "",
    details: str = "",
) -> None:
    """Add a line about what the context's actor does now."""
    session.add(
        AuditEntry(
            at=context.now(),
            actor_id=context.actor.user_id,
            actor_name=context.actor.name,
            deed=deed,
            call_id=call.id if call else None,
            whom_id=whom.id if whom else None,
            whom_name=whom.display_name if whom else "",
            reason=reason,
            details=details,
        )
    )


def note_failure(context: Context, deed: Deed, call_id: int | None = None, details: str = "") -> None:
    """What was noted just before could not be done: the exchange was away. A transaction of its own."""
    with context.writing() as session:
        call = session.get(Call, call_id) if call_id else None
        note(session, context, Deed.FAILED, call, reason=deed.value, details=details)
