"""A ticket's whole file as one ZIP, for the citizen's right to see it or to be handed over."""
