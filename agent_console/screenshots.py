"""A picture of a page of the running console, for the README: `python -m agent_console.screenshots`.

Signs in like anybody else, so that what the picture shows is what the program does. Needs the development
extra (Playwright) and Chromium.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

PASSWORD_VARIABLE = "CONSOLE_PASSWORD"  # noqa: S105 - a variable's name
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SETTLING_MS = 1500


def main() -> int:
    """Exit status 0 once the picture is written."""
    arguments = _parser().parse_args()
    password = os.environ.get(PASSWORD_VARIABLE, "")
    take(
        arguments.address,
        arguments.user,
        password,
        arguments.path,
        arguments.out,
        arguments.width,
        arguments.height,
        arguments.language,
    )
    print(arguments.out)  # noqa: T201 - this is a command
    return 0


def take(
    address: str,
    user: str,
    password: str,
    path: str,
    out: Path,
    width: int = 1366,
    height: int = 768,
    language: str = "zh",
) -> None:
    """Write `out` (PNG): what `user` sees at `path` of the console at `address`.

    Raises Playwright's own errors if the console is away or does not let the user in.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_browser(),
            args=["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
        )
        locale = "en-GB" if language == "en" else "zh-CN"
        page = browser.new_page(viewport={"width": width, "height": height}, locale=locale)
        page.goto(f"{address}/sign-in")
        if language == "en":
            page.locator(".login-foot button").click()
        page.fill("#username", user)
        page.fill("#password", password)
        page.click("button.primary")
        page.locator(".me summary").wait_for()
        page.goto(address + path)
        page.wait_for_timeout(SETTLING_MS)
        out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=out)
        browser.close()


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit(f"no browser found: install one of {', '.join(BROWSERS)}")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m agent_console.screenshots",
        description=f"Picture of a page of the running console; the password comes from {PASSWORD_VARIABLE}.",
    )
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--user", required=True)
    parser.add_argument("--path", default="/desk/")
    parser.add_argument("--out", type=Path, default=Path("docs/images/desk.png"))
    parser.add_argument("--width", type=int, default=1366)
    parser.add_argument("--height", type=int, default=768)
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    return parser


if __name__ == "__main__":
    sys.exit(main())
