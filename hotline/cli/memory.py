"""What a process has loaded stays for its whole life: nobody needs to look through it for rubbish again."""

import gc

_YOUNG, _MIDDLE, _ = gc.get_threshold()
_OLD = 50


def collect_seldom() -> None:
    """Let Python look for rubbish after 50,000 new objects instead of 700, and far more seldom among the
    old, until everything is loaded. Call first of all: what is imported never becomes rubbish, and looking
    took a fifth of that time.
    """
    gc.set_threshold(50_000, 20, 20)


def keep_what_is_loaded() -> None:
    """Call once everything is imported, before the first request or call.

    Python's collector stops every thread while it looks through what is old. In the console these are half a
    million objects of imported modules and 100 ms and more, in which no page is served and no event told;
    kept apart (`gc.freeze`), what is looked through afterwards is what requests have left behind: often and
    little, as Python does by itself, and a fifth as often among the old, which takes as long as 50,000 new
    objects at a time: 100 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
