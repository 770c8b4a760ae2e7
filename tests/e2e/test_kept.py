"""What a browser keeps, and what it asks for again."""

from playwright.sync_api import Playwright

from agent_console.assets import FOR_EVER, manifest


def test_what_has_another_name_after_every_change_is_asked_for_once(
    playwright: Playwright, console: str
) -> None:
    asking = playwright.request.new_context(base_url=f"{console}/static/")
    built = [f"build/{name}" for name in manifest().values()]
    assert built
    said = {
        file: asking.get(file).headers["cache-control"]
        for file in (*built, "icons.svg", "build/manifest.json")
    }
    asking.dispose()
    assert said == dict.fromkeys(built, FOR_EVER) | dict.fromkeys(
        ["icons.svg", "build/manifest.json"], "no-cache"
    )
