"""Mel-frequency cepstra exactly as Vosk computes them for our model.

Windows are long and bins narrow for speech recognition, so that the harmonics of a voice, and with them its
tones, can be told apart: with the usual 25 ms and 40 bins only half of the tones were right.
"""

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray

from recordings.training.telephone import RATE, Signal

CEPSTRA = 80
LOWEST_HZ = 20
BELOW_NYQUIST_HZ = 200
FRAMES_PER_OUTPUT = 3
SECONDS_PER_FRAME = 0.01
FRAME_SECONDS = 0.05


def cepstra(signal: Signal) -> NDArray[np.float32]:
    """An array of frames x CEPSTRA, a frame every 10 ms. `signal` holds 16-bit values at 8 kHz."""
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.frame_length_ms = FRAME_SECONDS * 1000
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.frame_opts.window_type = "povey"
    options.mel_opts.num_bins = CEPSTRA
    options.mel_opts.low_freq = LOWEST_HZ
    options.mel_opts.high_freq = -BELOW_NYQUIST_HZ
    options.num_ceps = CEPSTRA
    options.use_energy = False
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(RATE, signal.astype(np.float32).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(i) for i in range(computer.num_frames_ready)]).astype(np.float32)


def mfcc_configuration() -> str:
    """The same settings as Vosk's `conf/mfcc.conf`."""
    options = {
        "sample-frequency": RATE,
        "frame-length": round(FRAME_SECONDS * 1000),
        "use-energy": "false",
        "num-mel-bins": CEPSTRA,
        "num-ceps": CEPSTRA,
        "low-freq": LOWEST_HZ,
        "high-freq": -BELOW_NYQUIST_HZ,
        "dither": 0,
    }
    return "".join(f"--{name}={value}\n" for name, value in options.items())
