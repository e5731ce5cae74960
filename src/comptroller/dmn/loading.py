"""Loading models: files or bytes become compiled models, each content once.

A compiled model depends on nothing but the bytes it was made from, and never changes; so whoever loads the same bytes
again gets the same model, in whatever thread. The models loaded last are kept, within the limits of `kernel.limits`.
"""

import errno
import gc
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

from comptroller.adapters import dmn_xml
from comptroller.domain.decisions import Definitions, Model, compile_model
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

Source: TypeAlias = str | PathLike[str] | bytes
"""A file's path, or a model's bytes."""

_Key: TypeAlias = tuple[bytes, ...]


def load(source: Source, imports: Iterable[Source] = ()) -> Model:
    """Load and compile a model with the models it imports; what is wrong with any of them is in `model.faults`.

    A file that is no DMN model gives a model without decisions, whose faults say why. A path that cannot be read raises
    `OSError`, and nothing else is raised.
    """
    contents = [_bytes(source), *map(_bytes, imports)]
    key = tuple(sha256(content).digest() for content in contents)
    model = _KEPT.find(key)
    if model is not None:
        return model
    with _uncollected():
        model = _compiled(contents)
    return _KEPT.keep(key, model, sum(map(len, contents)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python's collector from looking at what is being made: of a long table a quarter of a million objects.

    Nearly all of it stays, so a look finds nothing and costs a third of the time. Where threads load side by side the
    collector may come back early, which does no harm.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _compiled(contents: Sequence[bytes]) -> Model:
    main, faults = dmn_xml.read(contents[0])
    models = {main.namespace: main} if main is not None else {}
    for content in contents[1:]:
        read, unread = dmn_xml.read(content)
        if read is None:
            faults += unread
            continue
        kept = models.setdefault(read.namespace, read)
        if kept.source_hash != read.source_hash:
            faults += (_doubled(read, kept),)
    if main is None:
        main = Definitions(name="", namespace="")
    models.pop(main.namespace, None)
    return compile_model(replace(main, faults=faults), tuple(models.values()))


def _doubled(model: Definitions, kept: Definitions) -> Fault:
    return Fault(
        "DMN-IMPORT-04",
        "",
        f"the model `{model.name}` is left out: `{kept.name}` has its namespace `{model.namespace}` already",
        by="dmn",
        help="give one of them another namespace, or load one alone",
    )


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except ValueError as error:  # a path that no file system can hold
        raise FileNotFoundError(errno.ENOENT, str(error), str(source)) from error


class _Kept:
    """The models loaded last, by the content of their sources, for all threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._models: OrderedDict[_Key, tuple[Model, int]] = OrderedDict()
        self._size = 0

    def find(self, key: _Key) -> Model | None:
        """The model of some contents, if it is still kept."""
        with self._lock:
            if key not in self._models:
                return None
            self._models.move_to_end(key)
            return self._models[key][0]

    def keep(self, key: _Key, model: Model, size: int) -> Model:
        """Keep a model, and let go of those that were not asked for the longest; gives the one that others have."""
        with self._lock:
            if key in self._models:  # another thread was faster
                return self._models[key][0]
            self._models[key] = model, size
            self._size += size
            while len(self._models) > limits.COMPILED_MODELS_MAX or self._size > limits.COMPILED_SOURCES_BYTES_MAX:
                self._size -= self._models.popitem(last=False)[1][1]
            return model


_KEPT: Final = _Kept()
