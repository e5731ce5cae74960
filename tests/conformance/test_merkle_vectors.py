"""Inclusion and consistency proofs of a published log library: each vector is named by what is wrong with it."""

import json
import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from comptroller.domain.audit.proof import ProofError, verify_consistency, verify_inclusion

pytestmark = pytest.mark.conformance

ROOT = os.environ.get("CONFORMANCE_DATA", "")
VECTORS = Path(ROOT) / "merkle_vectors" / "testdata"
MISSING = pytest.param(None, marks=pytest.mark.skip(reason="CONFORMANCE_DATA names no directory"))


def vectors(kind: str) -> list[Any]:
    """Every vector of a kind, as a parameter named by its path."""
    if not ROOT:
        return [MISSING]
    paths = sorted((VECTORS / kind).rglob("*.json"))
    return [pytest.param(json.loads(path.read_text()), id=str(path.relative_to(VECTORS / kind))) for path in paths]


def hashes(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(each) for each in vector["proof"] or ()]


def verified(vector: dict[str, Any]) -> bool:
    try:
        if "leafIdx" in vector:
            verify_inclusion(
                index=vector["leafIdx"],
                size=vector["treeSize"],
                leaf_hash=b64decode(vector["leafHash"]),
                proof=hashes(vector),
                root=b64decode(vector["root"]),
            )
        else:
            verify_consistency(
                size_1=vector["size1"],
                size_2=vector["size2"],
                root_1=b64decode(vector["root1"]),
                root_2=b64decode(vector["root2"]),
                proof=hashes(vector),
            )
    except ProofError:
        return False
    return True


@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion_vector(vector: dict[str, Any]) -> None:
    assert verified(vector) is not vector["wantErr"]


@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency_vector(vector: dict[str, Any]) -> None:
    assert verified(vector) is not vector["wantErr"]


@pytest.mark.skipif(not ROOT, reason="CONFORMANCE_DATA names no directory")
def test_no_vector_is_left_out() -> None:
    assert len(vectors("inclusion")) == 98
    assert len(vectors("consistency")) == 98
