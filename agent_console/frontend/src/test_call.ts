// The test call: what the agent says goes to the exchange and comes back. The page listens and says what it found.
import { Ear } from "./meter";

export type Verdict =
  | "heard" // the voice came back
  | "silent" // nothing came out of the microphone
  | "lost" // the microphone is good, but nothing came back
  | "failed"; // the exchange did not answer

const TICK_MS = 100;
const PATIENCE_MS = 10_000;
const ENOUGH_MS = 600;
const SOUND = 0.008;

/** Listens to both directions until the matter is clear. */
export function judge(microphone: MediaStream, echo: MediaStream): Promise<Verdict> {
  const said = new Ear(microphone);
  const heard = new Ear(echo);
  let [saidMs, heardMs, passedMs] = [0, 0, 0];
  return new Promise((decided) => {
    const timer = window.setInterval(() => {
      passedMs += TICK_MS;
      saidMs += said.level() > SOUND ? TICK_MS : 0;
      heardMs += heard.level() > SOUND ? TICK_MS : 0;
      if (heardMs >= ENOUGH_MS || passedMs >= PATIENCE_MS) {
        window.clearInterval(timer);
        said.letGo();
        heard.letGo();
        decided(heardMs >= ENOUGH_MS ? "heard" : saidMs >= ENOUGH_MS ? "lost" : "silent");
      }
    }, TICK_MS);
  });
}

/** Says a sentence aloud where the computer has a voice for the page's language. */
export function speak(sentence: string): void {
  const voices = "speechSynthesis" in window ? speechSynthesis.getVoices() : [];
  const voice = voices.find((one) => one.lang.startsWith(document.documentElement.lang.slice(0, 2)));
  if (voice) {
    const words = new SpeechSynthesisUtterance(sentence);
    words.voice = voice;
    speechSynthesis.speak(words);
  }
}
