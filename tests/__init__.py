"""Everything is loaded once: rubbish is looked for as seldom as in the hotline's own processes."""

import gc

gc.set_threshold(50_000, 20, 20)  # `hotline.cli.memory`, before anything of it is imported
