"""The work lists, by the names of their views."""

WORK_LISTS = (
    "screening.queue",
    "screening.waiting",
    "refusing.queue",
    "answering.queue",
    "sealing.leads",
    "referrals.queue",
    "referrals.ended",
    "coordination.queue",
    "merging.queue",
    "merging.reminded",
    "appeals.queue",
    "dispatch.queue",
    "returns.queue",
    "extensions.queue",
    "suspension.queue",
    "replies.unit_queue",
    "review.queue",
    "supervision.late",
    "follow_up.queue",
    "follow_up.rework_queue",
)
