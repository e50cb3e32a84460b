"""RFC 6962 trees: reference vectors, every proof up to 65 leaves, other people's roots."""

import random

import pymerkle
import pytest

from examday.verifier import tree
from examday.verifier.faults import Malformed
from examday.verifier.tiles import expected_tiles, hashes_in, tile_path, tiles_of

# Certificate Transparency's reference tree (RFC 6962 implementations share it).
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 65


@pytest.fixture(scope="module")
def hashed():
    """Leaf hashes of 65 leaves, all different."""
    return [tree.leaf_hash(number.to_bytes(2, "big")) for number in range(LARGEST)]


@pytest.fixture(scope="module")
def roots(hashed):
    """The root of every prefix."""
    return [tree.root(hashed[:size]) for size in range(LARGEST + 1)]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_tree(size):
    """Certificate Transparency's own vectors."""
    assert tree.root([tree.leaf_hash(leaf) for leaf in CT_LEAVES[:size]]).hex() == CT_ROOTS[size]


def test_roots_equal_pymerkle():
    """An independent implementation, 1 to 300 leaves."""
    theirs, chance = pymerkle.InmemoryTree(algorithm="sha256"), random.Random(1)
    edge = tree.RightEdge()
    for number in range(300):
        leaf = chance.randbytes(number % 40)
        theirs.append_entry(leaf)
        edge.append(tree.leaf_hash(leaf))
        assert edge.root() == theirs.get_root()


def test_every_inclusion_proof_holds_and_no_changed_one(hashed, roots):
    """All (index, size) up to 65, with mutations of path, index, size, leaf and root."""
    checked = 0
    for size in range(1, LARGEST + 1):
        node = tree.nodes_of(hashed[:size])
        for index in range(size):
            path = tree.inclusion_proof(index, size, node)
            good = {"index": index, "size": size, "path": path, "root": roots[size]}
            assert tree.is_included(hashed[index], **good)
            for bad in _spoiled_inclusion(good, hashed):
                assert not tree.is_included(hashed[index], **bad), (index, size, bad)
                checked += 1
            assert not tree.is_included(tree.leaf_hash(b"other"), **good)
    assert checked > 10_000


def test_every_consistency_proof_holds_and_no_changed_one(hashed, roots):
    """All (old, new) up to 65, with mutations of path, sizes and roots."""
    checked = 0
    for new in range(LARGEST + 1):
        node = tree.nodes_of(hashed[:new])
        for old in range(new + 1):
            path = tree.consistency_proof(old, new, node)
            good = {"old_root": roots[old], "new_root": roots[new], "path": path}
            assert tree.is_consistent(old, new, **good)
            for bad in _spoiled_consistency(good, old, new, hashed):
                assert not tree.is_consistent(old, new, **bad), (old, new, bad)
                checked += 1
            if 0 < old < new:
                assert not tree.is_consistent(new, old, **good)
    assert checked > 8_000


def test_proofs_outside_the_tree_are_not_made(hashed):
    """Asking for what is not there is an error, not a guess."""
    node = tree.nodes_of(hashed)
    for index, size in ((-1, 5), (5, 5), (0, 0)):
        with pytest.raises(IndexError):
            tree.inclusion_proof(index, size, node)
    with pytest.raises(IndexError):
        tree.consistency_proof(6, 5, node)


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (0, 1, "tile/0/000.p/1"),
        (999, 256, "tile/0/999"),
        (1000, 256, "tile/0/x001/000"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (1_234_067, 7, "tile/0/x001/x234/067.p/7"),
    ],
)
def test_tile_paths_are_those_of_the_specification(number, width, path):
    """C2SP tlog-tiles' own examples."""
    assert tile_path(0, number, width) == path


def test_a_tree_of_70000_has_the_tiles_of_the_specification():
    """273 full and a partial of 112 at level 0, 1 full and 17 at level 1, 1 at level 2."""
    tiles = list(tiles_of(70_000))

    assert sum(level == 0 and width == 256 for level, _, width in tiles) == 273
    assert [tile for tile in tiles if tile[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]


def test_tiles_hold_the_hashes_of_the_tree():
    """Level 1 holds the roots of full tiles below."""
    leaves = [number.to_bytes(2, "big") for number in range(600)]
    hashed = [tree.leaf_hash(leaf) for leaf in leaves]
    tiles = expected_tiles(leaves, hashed)

    assert hashes_in(tiles["tile/1/000.p/2"])[1] == tree.root(hashed[256:512])
    assert hashes_in(tiles["tile/0/002.p/88"]) == hashed[512:]
    assert tiles["tile/entries/000"][:4] == b"\0\2\0\0"
    with pytest.raises(Malformed):
        hashes_in(b"short")


def _flipped(data):
    return bytes([data[0] ^ 1]) + data[1:]


def _spoiled_inclusion(good, hashed):
    path, index, size = good["path"], good["index"], good["size"]
    yield good | {"root": _flipped(good["root"])}
    yield good | {"path": [*path, hashed[0]]}
    if path:
        yield good | {"path": path[:-1]}
        yield good | {"path": path[1:]}
        yield good | {"path": [*path[:-1], _flipped(path[-1])]}
        yield good | {"path": [_flipped(path[0]), *path[1:]]}
    yield good | {"index": size}
    yield good | {"index": -1}
    other = index ^ 1
    if other < size:
        yield good | {"index": other}


def _spoiled_consistency(good, old, new, hashed):
    path = good["path"]
    if old:  # everything continues the empty tree
        yield good | {"old_root": _flipped(good["old_root"])}
        yield good | {"new_root": _flipped(good["new_root"])}
    yield good | {"path": [*path, hashed[0]]}
    if path:
        yield good | {"path": path[:-1]}
        yield good | {"path": []}
        yield good | {"path": [_flipped(path[0]), *path[1:]]}
        yield good | {"path": [*path[:-1], _flipped(path[-1])]}


def test_a_path_of_the_wrong_length_leads_nowhere(hashed):
    """RFC 9162: the path must end exactly at the root."""
    path = tree.inclusion_proof(5, 9, tree.nodes_of(hashed))

    assert tree.root_from_inclusion(hashed[5], 5, 9, path) == tree.root(hashed[:9])
    for wrong in (path[:-1], [*path, hashed[0]], []):
        assert tree.root_from_inclusion(hashed[5], 5, 9, wrong) is None
