"""What waits for a decision is over when the ticket goes the way that was asked for, or another one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.appeals.models import Appeal, AppealKind, AppealState
from hotline.context import Context


def decide(context: Context, appeal: Appeal, state: AppealState, decision: str) -> None:
    """For good, with who decided and when."""
    appeal.state, appeal.decision = state, decision
    appeal.decided_at, appeal.decided_by_id = context.now(), context.actor.user_id


def settle(session: Session, context: Context, ticket_id: int, granted: bool, why: str) -> None:
    """Somebody has decided on the ended ticket itself: what its citizen had asked for is decided with it.

    A withdrawal from before it ended is not: it is dropped.
    """
    decided = AppealState.GRANTED if granted else AppealState.REFUSED
    waiting = select(Appeal).where(Appeal.ticket_id == ticket_id, Appeal.state == AppealState.ASKED)
    for appeal in session.scalars(waiting):
        withdrawal = appeal.kind is AppealKind.WITHDRAWAL
        decide(context, appeal, AppealState.DROPPED if withdrawal else decided, "" if withdrawal else why)
