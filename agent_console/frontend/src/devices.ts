// Which microphone, loudspeaker and bell an agent has chosen on this computer, and what is wrong with them.

export type Use = "microphone" | "speaker" | "ring";

/** Why no microphone can be had, and so no telephone. */
export type Trouble =
  | "elsewhere" // another page of this browser has the telephone
  | "asked" // the browser asks just now
  | "denied" // forbidden in the browser
  | "missing" // none is plugged in
  | "busy" // another program holds it
  | "insecure"; // browsers give microphones to https and localhost only

const KINDS: Record<Use, MediaDeviceKind> = {
  microphone: "audioinput",
  speaker: "audiooutput",
  ring: "audiooutput",
};

export class NoMicrophone extends Error {
  constructor(readonly trouble: Trouble) {
    super(`no microphone: ${trouble}`);
  }
}

/** The chosen device's id; empty for the computer's own choice. */
export function chosen(use: Use): string {
  return localStorage.getItem(`phone.${use}`) ?? "";
}

export function choose(use: Use, deviceId: string): void {
  localStorage.setItem(`phone.${use}`, deviceId);
}

/** Devices that can serve; ids and names are empty before the browser has given out a microphone. */
export async function devicesFor(use: Use): Promise<MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === KINDS[use] && device.deviceId !== "");
}

/** The chosen microphone, or another if it is not there. Throws `NoMicrophone`. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!("mediaDevices" in navigator)) {
    throw new NoMicrophone("insecure");
  }
  const deviceId = chosen("microphone");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: deviceId ? { deviceId } : true });
  } catch (error) {
    throw new NoMicrophone(troubleOf(error));
  }
}

function troubleOf(error: unknown): Trouble {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
      return "denied";
    case "NotReadableError":
      return "busy";
    default:
      return "missing";
  }
}

export function close(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) {
    track.stop();
  }
}

/** Where sounds can be sent; not every browser lets a page choose, and not for every element. */
interface Sink {
  setSinkId?(deviceId: string): Promise<void>;
}

/** Send sound to the chosen device. One that has been unplugged is left for the computer's own choice. */
export async function sendTo(sink: object, use: "speaker" | "ring"): Promise<void> {
  const output = sink as Sink;
  try {
    await output.setSinkId?.(chosen(use));
  } catch {
    await output.setSinkId?.("");
  }
}

/** Calls `changed` when a device comes or goes, or the permission changes. */
export function watchDevices(changed: () => void): void {
  if (!("mediaDevices" in navigator)) {
    return;
  }
  navigator.mediaDevices.addEventListener("devicechange", changed);
  navigator.permissions
    .query({ name: "microphone" })
    .then((permission) => permission.addEventListener("change", changed))
    .catch(() => undefined); // older browsers do not tell
}
