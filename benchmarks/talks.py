"""What it costs that talks of two are mixed like talks of three (decision 0081).

    python -m benchmarks.talks [TALKS]

So many talks at once on the hotline's Asterisk, both sides speaking, both recorded: first mixed, as ours are,
then, with Asterisk's bridge for two loaded as well, bridged by that. Printed are the processor seconds that
Asterisk used for a second of a talk, and their ratio, beside its limit.
"""

import sys
import tempfile
import time
from pathlib import Path

from hotline.config import Settings
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import AGENT, CITIZEN, hum
from tests.waiting import until

TALKS = 25
APART_SECONDS = 0.2
MEASURED_SECONDS = 15.0
LIMIT_RATIO = 1.3
_DIALPLAN = """
[from-trunk](+)
exten => _555XXXX,1,Answer()
 same => n,MixMonitor({spool}/${{UNIQUEID}}/mix.wav,r({spool}/${{UNIQUEID}}/caller.wav))
 same => n,Dial(PJSIP/8${{EXTEN}}@trunk,30,b(recorded^s^1))
[recorded]
exten => s,1,MixMonitor(,r({spool}/${{UNIQUEID}}/agent.wav))
 same => n,Return()
"""


def main(talks: int) -> int:
    """Exit status 0 if mixing is within its limit."""
    with tempfile.TemporaryDirectory(prefix="talks.") as folder:
        settings = private_settings(Path(folder))
        pbx = Pbx(prepare(settings, []))
        _extend_dialplan(pbx, settings)
        with pbx, TelephoneNetwork(settings) as network:
            mixed = _cost(pbx, network, talks, "softmix")
            for name in ("bridge_simple", "bridge_native_rtp"):
                pbx.control(f"module load {name}.so")
            bare = _cost(pbx, network, talks, "simple_bridge")
    ratio = mixed / bare
    print(
        f"{talks} talks: {mixed * 1000:.1f} ms of processor time a second and talk mixed, "
        f"{bare * 1000:.1f} ms bridged by two; ratio {ratio:.2f}, limit {LIMIT_RATIO:.2f}"
    )
    return int(ratio > LIMIT_RATIO)


def _extend_dialplan(pbx: Pbx, settings: Settings) -> None:
    path = pbx.instance.folder / "conf" / "extensions.conf"
    path.write_text(path.read_text() + _DIALPLAN.format(spool=settings.spool_dir))


def _cost(pbx: Pbx, network: TelephoneNetwork, talks: int, technology: str) -> float:
    """Processor seconds a second and talk, with all of them bridged by this technology."""
    calls = []
    for number in range(talks):
        network.expect_callback(f"8555{number:04d}", hum(AGENT))
        calls.append(network.dial(f"555{number:04d}", f"139{number:08d}", hum(CITIZEN)))
        time.sleep(APART_SECONDS)  # what comes in is not what is measured
    until(lambda: pbx.control("bridge show all").count(technology) == talks, 20, f"{talks} of {technology}")
    used, begun = pbx.processor_seconds(), time.monotonic()
    time.sleep(MEASURED_SECONDS)  # this is what is measured
    cost = (pbx.processor_seconds() - used) / (time.monotonic() - begun) / talks
    pbx.control("channel request hangup all")
    for call in calls:
        call.wait_ended(30)
    return cost


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TALKS))
