"""Names of the channel variables that our scripts, call control and the dialplan share.

The dialplan templates in `asterisk_conf/` use the same names; a variable is written by one side only.
"""

# Written by the script `intake` on the caller's channel.
TICKET = "TICKET"
"""Identity of the draft ticket of this call, decimal."""
CONTACT = "CONTACT"
"""Identity of the contact of this call, decimal."""
INTAKE = "INTAKE"
"""`OPENED` once the contact and the draft ticket are committed; empty when the script never got there."""
INTAKE_OPENED = "OPENED"

# Written by call control when a follow-up is originated; read by the script `follow_up`.
ATTEMPT = "ATTEMPT"
"""Identity of the follow-up attempt, decimal."""

# Written by the script `follow_up`; read by the dialplan, because `AGISTATUS` is SUCCESS also when a script's
# server dies in the middle.
FOLLOW_UP = "FOLLOW_UP"
"""`SPOKEN` once the script says its last word; else the dialplan apologises before it hangs up."""
FOLLOW_UP_SPOKEN = "SPOKEN"

# Read by the script `intake`. FILTER runs inside Asterisk, so that nothing which a caller may have put
# into the number (quotes, line breaks) reaches our side of the wire.
CHANNEL = "${CHANNEL}"
LINKEDID = "${CHANNEL(linkedid)}"
CALLER_NUMBER = "${FILTER(0-9+,${CALLERID(num)})}"
DIALLED_NUMBER = "${FILTER(0-9+,${CALLERID(dnid)})}"
