"""Pages that repeat what the code says: they must say the same."""

import re
import tomllib
from importlib.metadata import version

import pytest

from hotline import settings_page
from hotline.config import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"


def test_one_version_in_changelog_and_package() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (PROJECT_ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    assert newest is not None
    assert newest[1] == project["version"] == version("minsheng")


def test_the_table_of_settings_is_of_today() -> None:
    text = settings_page.PAGE.read_text(encoding="utf-8")
    assert text == settings_page.page(text), "run: python -m hotline.settings_page"
    assert "HOTLINE_WEB_PORT" in text


def test_every_decision_is_in_the_list() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text()
    pages = sorted(page.name for page in (DOCS / "decisions").glob("0*.md"))
    assert pages
    assert [page for page in pages if f"({page})" not in listed] == []


@pytest.mark.parametrize(
    "page", ["README.md", "README.zh.md", *(f"docs/{p.name}" for p in DOCS.glob("*.md"))]
)
def test_no_link_leads_nowhere(page: str) -> None:
    path = PROJECT_ROOT / page
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
