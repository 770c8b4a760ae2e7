"""Names of the channel variables that our scripts, call control and the dialplan share.

The dialplan templates in `asterisk_conf/` use the same names; a variable is written by one side only.
"""

from enum import StrEnum

CALLED_OFF = "CALLED_OFF"
"""`yes` at the half of a callback that would dial the citizen: it has been settled meanwhile."""

# Written by the script `intake` on the caller's channel.
TICKET = "TICKET"
"""Identity of the draft ticket of this call, decimal."""
CONTACT = "CONTACT"
"""Identity of the contact of this call, decimal."""
INTAKE = "INTAKE"
"""`OPENED` once the contact and the draft ticket are committed; empty when the script never got there."""
INTAKE_OPENED = "OPENED"

# Written by the dialplan on the caller's channel; read by the resync.
KNOWN = "KNOWN"
"""`yes` once the number dialled is known to be one of ours, `no` before; a channel without it is no call of
the hotline's."""
KNOWN_YES = "yes"
DIALLED = "DIALLED"
"""The number dialled, digits."""

# Written by call control on the caller's channel while the agent is away from it on purpose.
KEPT_BY = "KEPT_BY"
"""Why (`Kept`); empty while caller and agent talk."""
MUSIC_LEG = "MUSIC_LEG"
"""uniqueid of the channel that plays music to a caller on hold."""
QUIET_LEG = "QUIET_LEG"
"""uniqueid of the channel that keeps the agent company meanwhile."""

NOT_RECORDED = "NOT_RECORDED"
"""`yes` on every channel of a call whose recording is paused, for those who come meanwhile."""
TOOK_OVER = "TOOK_OVER"
"""`yes` on the channel of a supervisor whose call it has become: written by call control."""
PICKED_UP_AT_ONCE = "PICKED_UP_AT_ONCE"
"""`yes` on a channel for a headset that picks up by itself: its supervisor asked for the call."""

AGENT_WENT = "AGENT_WENT"
"""How the caller's last agent hung up, `done` or `broken`: written by the dialplan `agent-leg`, and emptied
when another agent has taken the call over."""


class Kept(StrEnum):
    """Why the agent of a caller who is up is not in the caller's bridge."""

    HOLD = "hold"  # will be back; alone
    CONSULT = "consult"  # will be back; with a third party, or waiting for one
    TRANSFER = "transfer"  # gives the caller to somebody else, or has
    LEFT = "left"  # has left the caller with a third party


# Written by call control when a third party is originated; read by the dialplan `talk-third`.
CALLER_LEG = "CALLER_LEG"
"""uniqueid of the caller's channel."""
AGENT_LEG = "AGENT_LEG"
"""uniqueid of the agent's channel."""
FOLLOW = "FOLLOW"
"""`yes` on a third party's channel that is to follow the agent to the caller."""
RING = "RING_SECONDS"
"""How long the agent hears the third party's telephone ring."""
THIRD = "THIRD"
"""How the third party is recorded: `agent` or `expert`."""
FOLDER = "FOLDER"
"""The call's folder below the spool, set by the dialplan on the caller's channel."""

# Written by call control when a relay call is originated; read by the dialplan `relay`.
RELAY = "RELAY"
"""Identity of the relay call, decimal."""
CITIZEN = "CITIZEN"
"""The citizen's number, digits, for the trunk alone."""

# Written by the script `intake` by the live call plan, obeyed by `dialplan/calling.j2` and `queueing.j2`.
# Where one is empty, or all are, the dialplan does what the packaged plan says: greeting, notice, queue.
PLAN_VERSION = "PLAN_VERSION"
"""The version that decided, decimal; 0 is the packaged plan. Empty: the script was away."""
PLAN_ROUTE = "PLAN_ROUTE"
"""`queue`, `duty`, `leader`, `message` or `unknown` (`hotline.call_plan.decision.Route`), or `BARRED`."""
BARRED = "barred"
"""The way of a number on the list of harassing callers (`hotline.harassment`)."""
GREETING = "GREETING"
"""Prompts played before the queue, joined by `&`."""
CALL_LANGUAGE = "CALL_LANGUAGE"
"""`zh` or `en`, by the script `slower` also `zh_slow`: the prompts that this caller hears from now on."""
CALL_TONGUE = "CALL_TONGUE"
"""Code of the language or dialect that the caller asked for; empty if none."""
DUTY_PHONE = "DUTY_PHONE"
"""Digits: the duty telephone, or the leader's, that rings in the queue's place."""
DUTY_SEAT = "DUTY_SEAT"
"""`yes` where DUTY_PHONE is the extension of a seat."""
LINE = "LINE"
"""Asterisk's queue in which the call waits."""
HEAD_START = "HEAD_START"
"""Seconds by which the caller counts as having come earlier, decimal."""
OVERFLOW = "OVERFLOW"
"""Queues that LINE is left for, as `30:skill-health&60:hotline`: seconds in LINE, and where to. A number
alone leads to `hotline`; empty: never."""
WAIT_STEPS = "WAIT_STEPS"
"""What else becomes of the wait, as `60:05325551234:no:30&90:1001:yes:20&120:`: seconds since the queue was
entered, the telephone that rings, whether it is a seat's, for how many seconds; the last, without a
telephone, is the message box. Empty: the message box after the time that is set up."""
KEYS_PROMPT = "KEYS_PROMPT"
"""The prompt that names the keys, told once to callers who wait; empty: none."""
PLAN_KEY = {**{str(key): f"PLAN_KEY_{key}" for key in range(10)}, "*": "PLAN_KEY_STAR", "#": "PLAN_KEY_HASH"}
"""What a key does (`hotline.call_plan.document.Deed`), one variable a key; empty: nothing."""
YES = "yes"

# Written by call control when a follow-up is originated; read by the script `follow_up`.
ATTEMPT = "ATTEMPT"
"""Identity of the follow-up attempt, decimal."""

# Written by the script `follow_up`; read by the dialplan, because `AGISTATUS` is SUCCESS also when a script's
# server dies in the middle.
FOLLOW_UP = "FOLLOW_UP"
"""`SPOKEN` once the script says its last word; else the dialplan apologises before it hangs up."""
FOLLOW_UP_SPOKEN = "SPOKEN"
FOLLOW_UP_COMMENT = "COMMENT"
"""In its place: the citizen is not content and is asked for a comment, which the dialplan records."""

# Written by the script `callback`; read by the dialplan, which lets the caller wait on where it is not set.
CALLBACK = "CALLBACK"
"""`OWED` once the callback is written down."""
CALLBACK_OWED = "OWED"

# Read by every script that speaks.
LANGUAGE = "${CHANNEL(language)}"

# Written by the script `satisfaction`; read by the dialplan, which asks by itself where the script is away.
SATISFACTION = "SATISFACTION"
"""`ASKED` once the question has been put, whatever came of it."""
SATISFACTION_ASKED = "ASKED"
RATING = "RATING"
"""The key, 1 to 5; unset if none was pressed."""

# Read by the script `intake`. FILTER runs inside Asterisk, so that nothing which a caller may have put
# into the number (quotes, line breaks) reaches our side of the wire.
CHANNEL = "${CHANNEL}"
LANGUAGE = "${FILTER(a-z_,${CHANNEL(language)})}"
LINKEDID = "${CHANNEL(linkedid)}"
CALLER_NUMBER = "${FILTER(0-9+,${CALLERID(num)})}"
DIALLED_NUMBER = "${FILTER(0-9+,${CALLERID(dnid)})}"
