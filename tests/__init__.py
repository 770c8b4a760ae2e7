"""Everything is loaded once: rubbish is looked for as seldom as while the hotline's own processes load."""

from hotline.cli.memory import collect_seldom

collect_seldom()  # before the rest is imported
