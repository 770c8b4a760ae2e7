// Loaded by every page: htmx, keys, running timers, the recording player.
import htmx from "htmx.org";
import { startBar } from "./bar";
import { startChoosing } from "./choosing";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startNotices } from "./notices";
import { startPlayers } from "./player";
import { startPressing } from "./pressing";
import { startRenewal } from "./renewal";
import { startTimers } from "./timers";
import { startWords } from "./words";

// Nothing inline: the Content-Security-Policy forbids injected styles and evaluated strings.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyEnabled = false;
// What has been swapped in can be pressed at once: a quick key in between would open a panel that stays empty.
htmx.config.defaultSettleDelay = 0;
// A refused form (422), a stale one (409) and one for which the telephone is away (503) come back as a page part that says what is wrong: show it.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "(409|422|503)", swap: true },
  { code: "[45]..", swap: false, error: true },
];

startBar();
startKeys();
startChoosing();
startTimers();
startPlayers();
startNotices();
startPressing();
startRenewal();
startWords();
startLive();
