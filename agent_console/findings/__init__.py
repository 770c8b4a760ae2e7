"""Reviewers' findings: the list, answers, and the sentences that agents have to say."""

from agent_console.findings import sentences as _sentences  # its views belong to the same blueprint
from agent_console.findings.views import blueprint

__all__ = ["blueprint"]
_ = _sentences
