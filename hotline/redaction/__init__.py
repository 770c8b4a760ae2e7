"""Who is named in a text, and how they could be reached or found: found, masked, silenced. Pure functions."""
