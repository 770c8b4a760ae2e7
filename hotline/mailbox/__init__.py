"""Letters that come to the hotline's mailbox wait as drafts beside what is written on the web."""
