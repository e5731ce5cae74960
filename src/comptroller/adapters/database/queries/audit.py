"""What is asked of the log: entries by stream and by place, nodes, checkpoints."""

from typing import Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import by_keys, columns, equal, listing, query, select
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_entry = TABLE_OF[records.EntryRow].table
_checkpoint = TABLE_OF[records.CheckpointRow].table

STREAM_HEAD: Final = query(
    "stream_head",
    (int, bytes),
    sa.select(_entry.c.seq, _entry.c.leaf_hash)
    .where(_entry.c.tenant == sa.bindparam("tenant"), *equal(records.EntryRow, "stream"))
    .order_by(_entry.c.seq.desc())
    .limit(1),
)
STREAM: Final = listing("stream", records.EntryRow, "stream", _entry.c.seq)
UNSEQUENCED: Final = query(
    "unsequenced",
    (int, records.EntryRow),
    sa.select(_entry.c.row_id, *columns(records.EntryRow))
    .where(_entry.c.tenant == sa.bindparam("tenant"), _entry.c.leaf_index.is_(None))
    .order_by(_entry.c.row_id)
    .limit(sa.bindparam("limit")),
)
UNSEQUENCED_COUNT: Final = query(
    "unsequenced_count",
    (int,),
    sa.select(sa.func.count())
    .select_from(_entry)
    .where(_entry.c.tenant == sa.bindparam("tenant"), _entry.c.leaf_index.is_(None)),
)
LOG_ENTRIES: Final = query(
    "log_entries",
    (int, records.EntryRow),
    sa.select(_entry.c.leaf_index, *columns(records.EntryRow))
    .where(
        _entry.c.tenant == sa.bindparam("tenant"),
        _entry.c.leaf_index >= sa.bindparam("start"),
        _entry.c.leaf_index < sa.bindparam("end"),
    )
    .order_by(_entry.c.leaf_index),
)
TREE_NODES: Final = by_keys("tree_nodes", records.TreeNodeRow, "index", *equal(records.TreeNodeRow, "level"))
CHECKPOINT: Final = query(
    "checkpoint", (records.CheckpointRow,), select(records.CheckpointRow).order_by(_checkpoint.c.size.desc()).limit(1)
)
