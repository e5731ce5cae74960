"""The sequencer: gives entries their places in the log, one after another, and signs how far the log has come.

Entries are committed without a place, because many units of work write at once and a place is one after another. A
round takes the oldest of them, appends their hashes to the Merkle tree and signs a checkpoint, in one unit of work that
no other sequencer of the tenant shares. It reads the last checkpoint's peaks, not the log: a round costs what it adds.

INVARIANT: no two signed checkpoints contradict each other. A round proves, from what is stored, that the new tree
begins with the signed one; what does not fit is a defect that stops the log and never a second history. A checkpoint
leaves its unit of work only by the commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from comptroller.application.ports.signing import Signer
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import CheckpointRow, EntryRow, TreeNodeRow
from comptroller.domain.audit.checkpoint import Checkpoint
from comptroller.domain.audit.merkle import CompactRange, Position, hash_leaf, peak_positions, stored_tree
from comptroller.domain.audit.note import NoteError, open_note, sign_note
from comptroller.domain.audit.proof import ProofError, prove_consistency, verify_consistency
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

LOCK = "sequencer"


class LogForkError(RuntimeError):
    """What is stored does not extend what was signed: a defect or a forgery. Nothing more is signed."""


@dataclass(frozen=True, slots=True)
class SequenceReport:
    """What the sequencer did, and how far the log has come."""

    tenant: TenantId
    rounds: int
    entries: int
    size: int
    root: bytes


def sequence(
    store: Store,
    tenant: TenantId,
    signer: Signer,
    now: datetime,
    *,
    begin: Callable[[UnitOfWork], None] = lambda _: None,
    end: Callable[[UnitOfWork], None] = lambda _: None,
) -> SequenceReport:
    """Sequence and sign all entries that wait; round by round until a round is not full.

    Each round begins with `begin` in its unit of work, and the last one ends with `end`.
    """
    rounds = entries = 0

    def work(uow: UnitOfWork) -> tuple[int, CompactRange]:
        begin(uow)
        done = _round(uow, signer, now)
        if done[0] < limits.SEQUENCE_BATCH_MAX:
            end(uow)
        return done

    while True:
        taken, tree = store.run(tenant, work)
        entries += taken
        rounds += taken > 0
        if taken < limits.SEQUENCE_BATCH_MAX:
            return SequenceReport(tenant, rounds, entries, tree.size, tree.root)


def _round(uow: UnitOfWork, signer: Signer, now: datetime) -> tuple[int, CompactRange]:
    uow.serialize([LOCK])
    waiting = uow.unsequenced(limits.SEQUENCE_BATCH_MAX)
    signed = _signed_tree(uow, signer)
    if not waiting:
        return 0, signed
    tree, completed = signed.append(_leaves([entry for _, entry in waiting]))
    _require_extension(signed, tree, completed)
    note = sign_note(Checkpoint(signer.name, tree.size, tree.root).text, [signer])
    uow.sequence(signed.size, [row_id for row_id, _ in waiting])
    uow.insert(*(TreeNodeRow(level, index, node) for (level, index), node in completed.items()))
    uow.insert(CheckpointRow(tree.size, tree.root, note, now))
    return len(waiting), tree


def _signed_tree(uow: UnitOfWork, signer: Signer) -> CompactRange:
    """Take up the tree of the last checkpoint, having made sure that it is what this log's key has signed."""
    row = uow.checkpoint()
    size = row.size if row else 0
    if row is not None:
        try:
            signed = Checkpoint.parse(open_note(row.note, [signer]).text)
        except NoteError as error:
            raise LogForkError(f"the checkpoint of size {size} cannot be extended: {error}") from error
        if signed != Checkpoint(signer.name, size, row.root):
            raise LogForkError(f"the checkpoint of size {size} was signed as {signed.size} of `{signed.origin}`")
    tree = stored_tree(size, uow.tree_nodes(peak_positions(size)))
    if tree is None or (row is not None and tree.root != row.root):
        raise LogForkError(f"the stored tree of size {size} is not the one that was signed")
    if uow.log_entries(size, size + 1):
        raise LogForkError(f"the log has an entry at place {size}, but no checkpoint beyond it")
    return tree


def _leaves(entries: Sequence[EntryRow]) -> list[bytes]:
    leaves = []
    for entry in entries:
        leaf = hash_leaf(entry.body)
        if leaf != entry.leaf_hash:
            raise LogForkError(f"entry {entry.seq} of stream `{entry.stream}` was changed before it was sequenced")
        leaves.append(leaf)
    return leaves


def _require_extension(signed: CompactRange, tree: CompactRange, completed: dict[Position, bytes]) -> None:
    """Prove the new tree from the old one by the way a stranger will: the old peaks and what was appended suffice."""
    if signed.size == 0:
        return
    nodes = dict(zip(peak_positions(signed.size), signed.peaks, strict=True)) | completed
    try:
        verify_consistency(
            size_1=signed.size,
            size_2=tree.size,
            root_1=signed.root,
            root_2=tree.root,
            proof=prove_consistency(signed.size, tree.size, nodes),
        )
    except ProofError as error:
        raise LogForkError(f"the tree of size {tree.size} does not extend that of {signed.size}: {error}") from error
