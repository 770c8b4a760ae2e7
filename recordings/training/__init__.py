"""Makes the small Mandarin Vosk model from synthetic speech. Not part of the running hotline."""
