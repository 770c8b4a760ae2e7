"""Words of a ticket: its states, types, urgencies, tracks and classes (rulebook B1-B3)."""

from enum import StrEnum


class State(StrEnum):
    """The 18 states of rulebook B2."""

    DRAFT = "draft"
    REGISTERED = "registered"
    NEED_INFO = "need_info"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"
    TRANSFERRED = "transferred"
    TO_DISPATCH = "to_dispatch"
    DISPATCHED = "dispatched"
    RETURN_PENDING = "return_pending"
    HANDLING = "handling"
    NEED_INFO_UNIT = "need_info_unit"
    SUSPENDED = "suspended"
    REPLIED = "replied"
    CALLBACK = "callback"
    REWORK = "rework"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


ENDED = (State.CLOSED, State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN, State.MERGED)
"""What the public interface calls closed (rulebook B15); everything else is open."""


class TicketType(StrEnum):
    """诉求类型: the national five, praise and other."""

    CONSULTATION = "consultation"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    OTHER = "other"


class Urgency(StrEnum):
    """紧急程度 (rulebook B3)."""

    FLASH = "flash"
    URGENT = "urgent"
    NORMAL = "normal"


class TicketTrack(StrEnum):
    """办理通道: 特别办, 及时办, 协调办, 高位办."""

    SPECIAL = "special"
    TIMELY = "timely"
    COORDINATED = "coordinated"
    HIGH_LEVEL = "high_level"


class ScreeningClass(StrEnum):
    """初筛分类 (rulebook B4)."""

    SERVICE = "service"
    PETITION = "petition"
    DISCIPLINE = "discipline"
    MEDIA = "media"
    NOT_ACCEPTED = "not_accepted"


class Channel(StrEnum):
    """The channels that the code itself knows; `contacts/channels.toml` has them all (来源渠道)."""

    PHONE = "DH"
    WEB = "WZ"
    MESSAGE = "LY"
    MAIL = "YX"


class ComplainantKind(StrEnum):
    """Who asks: a person, an enterprise, an organisation."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"


class Confidentiality(StrEnum):
    """保密等级: 0 normal, 1 identity hidden from handling units, 2 sealed."""

    NORMAL = "normal"
    HIDDEN = "hidden"
    SEALED = "sealed"


class KeptOpenBy(StrEnum):
    """What a ticket may not be closed under (rulebook B2, rule 4); an instruction goes before a case."""

    SUPERVISION = "supervision"  # from L3 on
    INSTRUCTION = "instruction"
