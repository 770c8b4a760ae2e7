"""A contact: one call, form, letter or message, and what is known of its sender."""
