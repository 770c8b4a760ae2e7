// One telephone a browser: two open desks would take the registration from each other again and again.

const LOCK = "minsheng-phone";

/** Calls `begin` once no other page of this browser has the telephone; `elsewhere` if one has it now. */
export function onlyHere(begin: () => void, elsewhere: () => void): void {
  if (!("locks" in navigator)) {
    begin(); // not a secure page: it gets no microphone either, and says so
    return;
  }
  // Held until the page goes away.
  const hold = (): Promise<never> => {
    begin();
    return new Promise(() => undefined);
  };
  void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (lock) {
      return hold();
    }
    elsewhere();
    void navigator.locks.request(LOCK, hold);
    return undefined;
  });
}
