"""Files of a ticket: what departments attach, and what citizens send along."""
