"""FastAGI: the conversations that Asterisk hands to a script of ours."""
