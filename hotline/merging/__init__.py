"""Several tickets of one matter: one is handled, every citizen keeps number, reply, follow-up and rating."""
