"""Who works when: the shifts of the call plan get people."""
