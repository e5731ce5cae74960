"""What is done often must go by itself: what holds itself stays until Python's collector finds it."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_is_left() -> Iterator[None]:
    """Fail when what was made inside, and is held by nobody outside, waits for the collector."""
    gc.collect()
    gc.freeze()  # what others have made is not looked at, whenever it goes
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield
        gc.collect()
        kinds = (type(each) for each in gc.garbage)
        left = Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith("comptroller."))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
        gc.enable()
    assert not left
