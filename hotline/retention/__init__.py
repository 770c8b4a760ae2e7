"""How long recordings and transcripts are kept, what may not be deleted, and the deletion itself."""
