"""The call plan: who is reached when, as one versioned document that people edit and a checker judges."""
