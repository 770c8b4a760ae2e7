"""What the plan's pages show: a plan section by section with what was found beside each entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from agent_console.call_plan.findings import words_of
from agent_console.call_plan.forms import Known
from agent_console.call_plan.sections import SECTIONS, Difference, Section, differences
from agent_console.language import is_english
from hotline.call_plan import queries
from hotline.call_plan.checks import check
from hotline.call_plan.document import Plan
from hotline.call_plan.findings import Finding, Severity
from hotline.call_plan.models import CallPlan
from hotline.context import Context
from hotline.people.queries import departments
from hotline.prompts.queries import prompts
from hotline.prompts.texts import GREETING, pieces
from hotline.queueing.queries import skills


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    is_error: bool
    words: str


@dataclass(frozen=True)
class ShownEntry:
    """One entry; `index` is its place in the section."""

    index: int
    headline: str
    sentence: str
    findings: Sequence[Told]


@dataclass(frozen=True)
class ShownSection:
    """One section; its own findings are those that are about no single entry."""

    section: Section
    entries: Sequence[ShownEntry]
    findings: Sequence[Told]


@dataclass(frozen=True)
class DraftPage:
    """The draft, judged, and compared with the live plan."""

    row: CallPlan
    live_version: int
    sections: Sequence[ShownSection]
    errors: int
    warnings: int
    differences: Sequence[Difference]

    @property
    def is_outdated(self) -> bool:
        """Whether another version went live since the draft began."""
        return self.row.based_on != self.live_version


def shown(plan: Plan, found: Sequence[Finding] = ()) -> list[ShownSection]:
    """The plan in plain words."""
    return [_section(section, plan, found) for section in SECTIONS]


def draft_page(context: Context, session: Session) -> DraftPage | None:
    """The draft's page, or None without a draft."""
    row = queries.draft_row(session)
    if row is None:
        return None
    live = queries.live_plan(session, context.settings)
    found = check(row.plan, queries.surroundings(context, session))
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    parts = shown(row.plan, found)
    return DraftPage(row, live.version, parts, errors, len(found) - errors, differences(live.plan, row.plan))


def known(session: Session) -> Known:
    """What forms may choose from."""
    language = "en" if is_english() else "zh"
    sentences = [one for one in prompts(session, language) if one.name not in pieces(language)]
    return Known(
        {one.name: one.text for one in sentences},
        {one.name: one.text for one in sentences if one.is_own or one.name == GREETING},
        {skill.code: skill.name_en if is_english() else skill.name_zh for skill in skills(session)},
        {unit.code: unit.name_en if is_english() else unit.name_zh for unit in departments(session)},
    )


def _section(section: Section, plan: Plan, found: Sequence[Finding]) -> ShownSection:
    here = [finding for finding in found if finding.place.section == section.name]
    entries = [
        ShownEntry(
            index,
            section.headline(plan, entry),
            section.sentence(plan, entry),
            _told([one for one in here if one.place.index == index or section.single]),
        )
        for index, entry in enumerate(section.entries(plan))
    ]
    rest = [one for one in here if one.place.index is None and not section.single]
    return ShownSection(section, entries, _told(rest))


def _told(found: Sequence[Finding]) -> list[Told]:
    return [Told(finding.severity is Severity.ERROR, words_of(finding)) for finding in found]
