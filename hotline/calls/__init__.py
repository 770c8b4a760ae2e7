"""The call record, its legs, agents' seats, callbacks owed to callers: what the live board shows."""
