"""From committed entries to a signed head; what survives a crash, a backup, a second process."""

import pytest

from examday.db import unit_of_work
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier import tree
from examday.verifier.checkpoint import parse_checkpoint


def test_the_first_entry_opens_the_log(app, say):
    """Whoever appends first also opens the log, with its key."""
    assert say() == 1

    opened = trace.find_entry(0)

    assert opened.action == Action.LOG_OPENED
    assert opened.facts["vkey"].startswith("examday/liaoning/site1/2026+")


def test_a_published_head_covers_every_entry(app, say):
    """The root in the signed note is the RFC 6962 root of the leaves."""
    say(300)

    head = trace.publish()

    leaves = [trace.find_entry(index).leaf for index in range(301)]
    assert head.size == 301
    assert head.root == tree.root([tree.leaf_hash(leaf) for leaf in leaves])
    assert parse_checkpoint(head.note).root == head.root
    assert trace.head() == head


@pytest.mark.parametrize("sizes", [[1, 1, 1], [254, 1, 1, 255, 1], [700], [100, 155, 1, 300]])
def test_growing_in_steps_gives_the_same_tree(app, say, sizes):
    """However the publishes fall, tiles and root are those of the whole."""
    for size in sizes:
        say(size)
        head = trace.publish()

    count = sum(sizes) + 1
    leaves = [trace.find_entry(index).leaf for index in range(count)]
    assert head.root == tree.root([tree.leaf_hash(leaf) for leaf in leaves])


def test_nothing_new_keeps_the_head(app, say):
    """Publishing twice signs nothing new."""
    say()

    assert trace.publish() == trace.publish()


def test_an_empty_log_has_no_head(app):
    """No entry, no head."""
    assert trace.publish() is None
    assert trace.head() is None


def test_append_needs_a_unit_of_work(app):
    """An entry outside a verb's transaction is a programming error."""
    with pytest.raises(RuntimeError):
        trace.append(Action.DAY_OPENED, subject="d", by="staff:li")


def test_a_verb_that_fails_leaves_no_entry(app, say):
    """Rolled back means not traced."""
    say()
    with pytest.raises(ZeroDivisionError), unit_of_work():
        _ = 1 // (trace.append(Action.DAY_OPENED, subject="d", by="staff:li") - 2)

    assert say() == 2
