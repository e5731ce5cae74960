"""A history counted by the workers of a Ray cluster: the kernel of one process, once in each of them.

Ray Data reads the file and hands parts of it to workers. A worker reads both versions when it begins and learns for
itself; of each part it gives back a `Count`, never a row. Counts are merged in the order of the file, so that all that
is told is what one process tells, but for how many decisions were taken by themselves. See ADR 14.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from logging import CRITICAL, getLogger
from pathlib import Path
from socket import create_connection
from typing import Any, Final

import numpy as np
import pyarrow as pa

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.columnar.history import History
from comptroller.adapters.columnar.history_count import Count
from comptroller.adapters.columnar.history_file import Backtest
from comptroller.adapters.columnar.history_mapping import HistoryMapping, MappingRefused
from comptroller.adapters.columnar.history_reading import BATCH_ROWS, BLOCK_BYTES, batches_of
from comptroller.adapters.columnar.rows import Refused
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.domain.packs.alike import Template
from comptroller.domain.packs.chain import Chain
from comptroller.domain.packs.compiling import compile_models

_LOCAL: Final = re.compile(r"local:([1-9]\d?)")
"""So many workers on this machine; any other address is a cluster's."""

_ENVIRONMENT: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""Ray takes it from there alone that it tells nobody of its use, and that what fails is told by us."""

_LOOPBACK: Final = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray listens on the loopback interface only, which it does of itself where it has no clusters."""

_QUIETLY: Final = {"logging_level": CRITICAL, "log_to_driver": False}
_BEGIN_S_MAX: Final = 300
"""How long workers on this machine may take to begin; none is given a part before all have, so that all get some."""

_ANSWER_S_MAX: Final = 10
_STORE_BYTES: Final = 1 << 28
_READING: Final = 0.5
"""Processors that reading takes: not those of a worker, else Ray has one worker read and decide the whole file."""


class ClusterFailed(Exception):
    """The cluster cannot be had, or broke off; the text says why."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker begins with: data, since it may be on another machine."""

    process: str  # the file of the process whose decisions are asked
    before: Mapping[str, bytes]  # the files of the version in force
    after: Mapping[str, bytes]
    mapping: HistoryMapping
    facts: Mapping[str, Template]
    now: datetime

    def begin(self) -> Backtest:
        """Read both versions."""
        chains = self._chain(self.before), self._chain(self.after)
        return Backtest(History(*chains, self.facts, self.now), self.mapping)

    def _chain(self, files: Mapping[str, bytes]) -> Chain:
        read = [read_dmn(content)[0] for path, content in files.items() if path.endswith(".dmn")]
        drawn = read_bpmn(files[self.process], released=True)[0]
        assert drawn is not None, "a version with faults is not taken through a history"
        return Chain.of(drawn, compile_models([each for each in read if each is not None])[0])


class _Worker:
    """One worker: what it learns of a part it knows for the next."""

    def __init__(self, work: Work) -> None:
        self._backtest = work.begin()

    def __call__(self, part: Any) -> dict[str, Any]:
        count = Count()
        for batch in part.combine_chunks().to_batches(BATCH_ROWS):
            count.merge(self._backtest.count(batch))
        answer = np.empty(1, object)
        answer[0] = count
        return {"count": answer}


def _parts(files: Any, mapping: HistoryMapping) -> Iterator[Any]:
    for path in files.column("path").to_pylist():
        yield from (pa.Table.from_batches([batch]) for batch in batches_of(Path(path), mapping))


def counts(path: Path, work: Work, address: str) -> Iterator[Count]:
    """The counts of the parts of a file, in order; raises `ClusterFailed`, and what a single process raises."""
    with _cluster(address) as (ray, workers):
        pool = ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=1)  # none waits behind another
        terms = {"batch_size": None, "batch_format": "pyarrow"}
        parts = ray.data.from_items([{"path": str(path.resolve())}]).map_batches(
            _parts, fn_args=(work.mapping,), num_cpus=_READING, **terms
        )
        counted = parts.map_batches(_Worker, fn_constructor_args=(work,), compute=pool, num_cpus=1, **terms)
        try:
            for row in counted.iter_rows():
                yield row["count"]
        except ray.exceptions.RayError as error:
            raise _reason(error) from error


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Any, int]]:
    """Ray, and the number of workers to be had; whatever happens, nothing of ours runs on afterwards."""
    local = _LOCAL.fullmatch(address)
    if address.startswith("local") and not local:
        raise ClusterFailed(f"`{address}` is no number of workers on this machine: write it like `local:2`")
    if not local:
        _knock(address)
    os.environ |= _ENVIRONMENT | (_LOOPBACK if local else {})
    import ray  # noqa: PLC0415 - it looks at the environment when it is loaded
    import ray.data  # noqa: PLC0415 - as above

    try:
        if local:
            places = int(local[1]) + 1  # one of them reads
            ray.data.DataContext.get_current().wait_for_min_actors_s = _BEGIN_S_MAX
            ray.init("local", num_cpus=places, object_store_memory=_STORE_BYTES, include_dashboard=False, **_QUIETLY)
        else:
            ray.init(address, **_QUIETLY)
            places = int(ray.cluster_resources().get("CPU", 0))
    except (ray.exceptions.RayError, ConnectionError, ValueError, RuntimeError) as error:
        raise ClusterFailed(f"no cluster answers at `{address}`: {_last_line(error)}") from error
    try:
        if places < 2:
            raise ClusterFailed(f"the cluster at `{address}` has less than two processors: one reads, one decides")
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        getLogger("ray.data").setLevel(CRITICAL)
        context.target_max_block_size = BLOCK_BYTES
        context.execution_options.preserve_order = True
        context.max_errored_blocks = 0  # INVARIANT: a part that fails ends the whole; none is left out
        yield ray, places - 1
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Refuse an address at which nobody listens: Ray itself would go on asking."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        create_connection((host, int(port)), _ANSWER_S_MAX).close()
    except (OSError, OverflowError) as error:
        raise ClusterFailed(f"no cluster answers at `{address}`: {error}") from error


def _reason(error: BaseException) -> Exception:
    """What went wrong in a worker, as one process would have said it."""
    causes: list[BaseException] = [error]
    for cause in causes:
        if isinstance(cause, Refused) and type(cause) is Refused:  # Ray's own errors pass for what caused them
            return cause
        if type(cause) is MappingRefused:
            return MappingRefused(str(cause).partition("\n")[0])  # Ray writes advice of its own below
        further = (getattr(cause, "cause", None), cause.__cause__)
        causes += [each for each in further if isinstance(each, BaseException) and each not in causes]
    return ClusterFailed(f"the cluster broke off: {_last_line(error)}")


def _last_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[-1]
