"""A person at a browser: signs in, presses, reads, and remembers what the browser complained of."""

import re

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.waiting import until

# Without a PBX the telephone's socket is refused, which the phone bar shows; and a page that is left gives up
# what it was just fetching.
_EXPECTED = re.compile(
    r"WebSocket connection to '\S+/ws' failed|status of (409|422)|^htmx:(afterRequest|sendAbort)"
)

HERTZ_OFF = 25
MOVES = 0.1

# Counts of a live sound by frequency, seen through the loudspeaker's own stream.
_LOUDEST_HERTZ = """
async () => {
  const stream = document.querySelector("audio[data-loudspeaker]").srcObject;
  if (!stream) return 0;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  context.createMediaStreamSource(stream).connect(analyser);
  await new Promise((done) => setTimeout(done, 300));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  const hertz = bins[loudest] > -60 ? (loudest * context.sampleRate) / analyser.fftSize : 0;
  await context.close();
  return hertz;
}
"""


class Person:
    """Somebody in front of the console."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, name: str, password: str) -> None:
        """Through the sign-in page."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("#username", name)
        self.page.fill("#password", password)
        self.page.click("button.primary")
        expect(self.page.locator(".me summary")).to_be_visible()

    def open(self, path: str) -> None:
        """Go to a path of the console."""
        self.page.goto(self.address + path)

    def press(self, words: str) -> None:
        """Press the visible button with these words."""
        self.page.get_by_role("button", name=words).locator("visible=true").first.click()

    def sees(self, words: str) -> None:
        """The words are, or soon become, visible."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible()

    def heard_hertz(self) -> float:
        """Frequency of the loudest tone that comes from the telephone now, 0 for silence."""
        return float(self.page.evaluate(_LOUDEST_HERTZ))

    def hears(self, hertz: int) -> None:
        """This tone comes from the telephone, or soon does."""
        until(lambda: abs(self.heard_hertz() - hertz) < HERTZ_OFF, 20, f"{hertz} Hz in the loudspeaker")

    def level(self, direction: str) -> float:
        """How loud the meter shows the agent (`out`) or the other side (`in`), 0 to 1."""
        meter = self.page.locator(f".levels meter[data-level={direction}]")
        return float(meter.evaluate("meter => meter.value"))

    def is_heard(self) -> None:
        """The agent's voice moves its meter, or soon does."""
        until(lambda: self.level("out") > MOVES, 10, "the agent's level to move")

    def phone_is(self, state: str) -> None:
        """The phone bar reaches a state."""
        expect(self.page.locator(f'[data-phone="{state}"]')).to_be_visible()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _EXPECTED.search(message.text):
            self.complaints.append(message.text)
