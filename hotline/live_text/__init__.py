"""What people say becomes text while they say it: who is listened to, what was understood, who sees it."""
