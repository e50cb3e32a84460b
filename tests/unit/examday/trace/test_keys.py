"""The log's key changed and revoked: one history, told by the log itself."""

import pytest

from examday import verifier
from examday.trace import service as trace
from examday.trace.adapters import log_key as keys
from examday.trace.service import Action, heads
from examday.trace.service.keys import KeyElsewhere, KeyInForce, KeyUnknown
from examday.verifier import layout
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.note import parse_vkey


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def signer_of(head):
    """The vkeys of the policy that signed a head."""
    logs = [line.removeprefix("log ") for line in trace.policy_text().split("\n") if "log " in line]
    note = parse_checkpoint(head.note).note
    return {vkey for vkey in logs if note.signed_by(parse_vkey(vkey))}


@pytest.fixture
def first(app, say, settings):
    """The vkey of the first key, which has signed a head."""
    say(3)
    trace.publish()
    return keys.log_key(settings).vkey


def codes_of_export(tmp_path, policy, *, name="x"):
    """What the verifier finds about keys in an export of this log."""
    folder = tmp_path / name
    trace.export(folder / "trace")
    layout.write_bag(folder, {})
    found = {one.code for one in verifier.verify(folder, policy).findings}
    return {code for code in found if code.startswith("KEY") or "CHECKPOINT" in code}


def test_the_old_key_signs_the_change_and_the_new_one_what_follows(first, say, settings, tmp_path):
    """The policy lists both, the old private key is gone, a verifier finds nothing."""
    before = trace.head()

    new = trace.rotate_log_key("yearly change", by="staff:admin")

    change = trace.head()
    say(2)
    after = trace.publish()
    assert new != first
    assert [signer_of(head) for head in (before, change, after)] == [{first}, {first}, {new}]
    assert keys.log_key(settings).vkey == new
    assert not (settings.keys / "trace.next.key").exists()
    policy = (settings.home / "policy.txt").read_text()
    assert policy.split("\n")[:2] == [f"log {new}", f"log {first}"]
    assert codes_of_export(tmp_path, policy) == set()
    only_old = policy.replace(f"log {new}\n", "")
    assert codes_of_export(tmp_path, only_old, name="y") == {"KEY_ROTATION", "CHECKPOINT_SIGNATURE"}


def test_a_head_signed_with_a_key_that_was_replaced_is_found(first, say, settings, tmp_path):
    """Someone kept the old key and signs on."""
    old = keys.log_key(settings)
    trace.rotate_log_key("yearly change", by="staff:admin")
    say(2)
    head = trace.publish()
    forged = old.sign(head.size, head.root).encoded()
    folder = tmp_path / "x"
    trace.export(folder / "trace")
    for name in ("checkpoint", f"checkpoints/{head.size}"):
        (folder / "trace" / name).write_bytes(forged)
    layout.write_bag(folder, {})

    report = verifier.verify(folder, trace.policy_text())

    found = {(one.code, one.where) for one in report.findings if one.code.startswith("KEY")}
    assert found == {
        ("KEY_NOT_IN_FORCE", "trace/checkpoint"),
        ("KEY_NOT_IN_FORCE", f"trace/checkpoints/{head.size}"),
    }


@pytest.mark.parametrize("name", ["_integrate", "_claim", "_sign", "_release", "_change_key"])
def test_a_crash_while_changing_the_key_is_finished_later(first, say, monkeypatch, tmp_path, name):
    """Wherever it dies, one new key comes into force and the history is one."""

    def dies(*_arguments, **_named):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(heads, name, dies)
        with pytest.raises(Killed):
            trace.rotate_log_key("yearly change", by="staff:admin")
    say(1)

    new = trace.rotate_log_key("yearly change", by="staff:admin")

    say(1)
    assert signer_of(trace.publish()) == {new}
    assert new != first
    assert codes_of_export(tmp_path, trace.policy_text()) == set()


def test_a_revoked_key_counts_no_further(first, say, settings, tmp_path):
    """The key in force cannot be revoked; an old one can, from the newest head on."""
    with pytest.raises(KeyInForce):
        trace.revoke_log_key(first, "stolen", by="staff:admin")
    trace.rotate_log_key("stolen", by="staff:admin")
    with pytest.raises(KeyUnknown):
        trace.revoke_log_key(first[:-1], "stolen", by="staff:admin")
    size = trace.head().size

    trace.revoke_log_key(first, "stolen", by="staff:admin")

    entry = trace.list_entries(action=Action.KEY_REVOKED.value).entries[0]
    assert entry.facts == {"vkey": first, "size": size, "reason": "stolen"}
    assert codes_of_export(tmp_path, trace.policy_text()) == set()


def test_a_key_from_outside_is_not_changed_here(first, settings, monkeypatch, tmp_path):
    """A secret that is mounted into the machine is changed where it is kept."""
    given = tmp_path / "given"
    given.write_text("07" * 32)
    monkeypatch.setenv("EXAMDAY_TRACE_FILE", str(given))

    with pytest.raises(KeyElsewhere):
        trace.rotate_log_key("yearly change", by="staff:admin")
