"""Every entity, imported for its effect on `Base.metadata`: migrations and tests need them all."""

from hotline import events
from hotline.appeals import models as appeals
from hotline.call_plan import models as call_plan
from hotline.callbacks import models as callbacks
from hotline.calls import models as calls
from hotline.campaigns import models as campaigns
from hotline.citizens import models as citizens
from hotline.consistency import models as consistency
from hotline.contacts import models as contacts
from hotline.conversations import models as conversations
from hotline.coordination import models as coordination
from hotline.database import Base
from hotline.deadlines import models as deadlines
from hotline.directory import models as directory
from hotline.dispatch import models as dispatch
from hotline.dossiers import models as dossiers
from hotline.evidence import models as evidence
from hotline.extensions import models as extensions
from hotline.follow_up import models as follow_up
from hotline.gazetteer import models as gazetteer
from hotline.harassment import models as harassment
from hotline.imports import models as imports
from hotline.incidents import models as incidents
from hotline.inspections import models as inspections
from hotline.intake import models as intake
from hotline.joint import models as joint
from hotline.knowledge import models as knowledge
from hotline.line_security import models as line_security
from hotline.lists import models as lists
from hotline.live_text import models as live_text
from hotline.mailbox import models as mailbox
from hotline.monitoring import models as monitoring
from hotline.outbox import models as outbox
from hotline.people import models as people
from hotline.presence import models as presence
from hotline.prompts import models as prompts
from hotline.questions import models as questions
from hotline.queueing import models as queueing
from hotline.rechecks import models as rechecks
from hotline.referrals import models as referrals
from hotline.replies import models as replies
from hotline.retention import models as retention
from hotline.review import models as review
from hotline.roster import models as roster
from hotline.screening import models as screening
from hotline.suggestions import models as suggestions
from hotline.supervision import models as supervision
from hotline.suspension import models as suspension
from hotline.telephones import models as telephones
from hotline.tickets import models as tickets
from hotline.transcripts import models as transcripts
from hotline.viewing import models as viewing

__all__ = [
    "Base",
    "appeals",
    "call_plan",
    "callbacks",
    "calls",
    "campaigns",
    "citizens",
    "consistency",
    "contacts",
    "conversations",
    "coordination",
    "deadlines",
    "directory",
    "dispatch",
    "dossiers",
    "events",
    "evidence",
    "extensions",
    "follow_up",
    "gazetteer",
    "harassment",
    "imports",
    "incidents",
    "inspections",
    "intake",
    "joint",
    "knowledge",
    "line_security",
    "lists",
    "live_text",
    "mailbox",
    "monitoring",
    "outbox",
    "people",
    "presence",
    "prompts",
    "questions",
    "queueing",
    "rechecks",
    "referrals",
    "replies",
    "retention",
    "review",
    "roster",
    "screening",
    "suggestions",
    "supervision",
    "suspension",
    "telephones",
    "tickets",
    "transcripts",
    "viewing",
]
