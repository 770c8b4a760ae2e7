"""What was recorded and what was said: recordings, tracks, transcripts and their timed segments."""
