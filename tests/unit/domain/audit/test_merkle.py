import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import merkle_model

from comptroller.domain.audit.merkle import (
    EMPTY_ROOT,
    CompactRange,
    completed_positions,
    hash_leaf,
    peak_positions,
    stored_tree,
)

ENTRIES = st.lists(st.binary(max_size=8), max_size=70)


def leaves(entries: list[bytes]) -> list[bytes]:
    return [hash_leaf(entry) for entry in entries]


@given(ENTRIES, ENTRIES)
def test_tree_built_in_two_steps_has_the_root_of_the_rfc(first: list[bytes], second: list[bytes]) -> None:
    tree, _ = CompactRange().append(leaves(first))
    longer, _ = tree.append(leaves(second))
    assert tree.root == merkle_model.tree_hash(first)
    assert longer.root == merkle_model.tree_hash(first + second)
    assert longer.size == len(first + second)


@given(ENTRIES, ENTRIES)
def test_appending_completes_each_node_once_and_only_complete_ones(first: list[bytes], second: list[bytes]) -> None:
    tree, earlier = CompactRange().append(leaves(first))
    longer, later = tree.append(leaves(second))
    assert not earlier.keys() & later.keys()
    assert set(later) == set(completed_positions(tree.size, longer.size))
    for (level, index), node in {**earlier, **later}.items():
        covered = (first + second)[index << level : (index + 1) << level]
        assert len(covered) == 1 << level
        assert node == merkle_model.tree_hash(covered)


@given(ENTRIES)
def test_root_of_every_earlier_size_comes_from_the_stored_nodes(entries: list[bytes]) -> None:
    _, nodes = CompactRange().append(leaves(entries))
    for size in range(len(entries) + 1):
        needed = {position: nodes[position] for position in peak_positions(size)}
        assert len(needed) == size.bit_count()
        tree = stored_tree(size, needed)
        assert tree is not None
        assert tree.root == merkle_model.tree_hash(entries[:size])


def test_stored_tree_with_a_peak_missing_is_none() -> None:
    _, nodes = CompactRange().append(leaves([b"a", b"b", b"c"]))
    del nodes[0, 2]
    assert stored_tree(3, nodes) is None


def test_empty_tree_has_the_hash_of_nothing() -> None:
    assert CompactRange().root == EMPTY_ROOT == merkle_model.tree_hash([])
    assert stored_tree(0, {}) == CompactRange()


@pytest.mark.parametrize(("size", "peaks"), [(3, 1), (1, 0), (0, 1), (-1, 1)])
def test_tree_with_the_wrong_number_of_peaks_is_refused(size: int, peaks: int) -> None:
    with pytest.raises(ValueError, match="peaks"):
        CompactRange(size, (bytes(32),) * peaks)
