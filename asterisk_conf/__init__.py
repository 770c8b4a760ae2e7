"""Templates of both PBXs (the hotline's and the test network's) and the texts of the spoken prompts.

Only data lives here; `ivr.pbx` renders the templates, `ivr.prompts` speaks the texts.
"""
