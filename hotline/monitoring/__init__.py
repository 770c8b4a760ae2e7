"""What supervisors do: listen, whisper, barge in, take over, pause seats, move callers; and the audit log."""
