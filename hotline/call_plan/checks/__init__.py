"""The checker: every check in turn over one plan."""

from hotline.call_plan.checks import branches, coverage, greeting, references, slots
from hotline.call_plan.document import Plan
from hotline.call_plan.findings import Check, Finding, Severity, Surroundings

CHECKS: tuple[Check, ...] = (
    references.numbers,
    references.taken_numbers,
    references.doubles,
    references.names,
    references.prompts,
    references.phones,
    greeting.person_first,
    greeting.length,
    greeting.tongues,
    branches.line_loops,
    branches.chains,
    branches.skills_in_vain,
    branches.unused,
    coverage.nobody,
    coverage.closed,
    coverage.seats,
    coverage.skills,
    slots.slots,
    slots.years,
)


def check(plan: Plan, around: Surroundings) -> list[Finding]:
    """Everything that is wrong with a plan, errors first."""
    found = [finding for one in CHECKS for finding in one(plan, around)]
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)
