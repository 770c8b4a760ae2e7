"""Files that a department attaches to a ticket and to a reply."""
