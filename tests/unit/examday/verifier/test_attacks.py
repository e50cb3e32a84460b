"""All ten attacks of the evidence design: each is named, and an honest day gives no finding."""

import pytest

from examday import verifier
from examday.cli import main
from tests.factories.attacks import ATTACKS, forge
from tests.factories.verifier import honest_day


def codes(report):
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_is_named(name, tmp_path):
    """The codes of the design are among those found."""
    forged, wanted = forge(name, tmp_path)

    report = verifier.verify(forged.folder, forged.policy, earlier=forged.earlier)

    assert wanted <= codes(report)


@pytest.mark.parametrize("options", [{}, {"rehearsal": True}], ids=["plain", "rehearsed"])
def test_the_honest_day_gives_no_finding(options, tmp_path):
    """Neither does it with a witness, nor against a head kept from its middle."""
    day = honest_day(**options)
    day.quorum = "w"
    folder = day.seal(tmp_path / "b", earlier=(3, 9))
    (tmp_path / "kept").write_bytes(day.head(12).encoded())

    report = verifier.verify(folder, day.policy, earlier=[tmp_path / "kept"])

    assert report.findings == []


def test_a_perfect_rewrite_without_witness_or_kept_head_is_not_seen(tmp_path):
    """8b of the design: the reason why someone outside must co-sign or keep heads."""
    from tests.factories.attacks import rewrite

    forged = rewrite(tmp_path)

    assert verifier.verify(forged.folder, forged.policy).findings == []


def test_the_command_takes_a_head_kept_before(tmp_path, capsys):
    """`examday verify --earlier`: 8b is seen, and the exit status says so."""
    forged, _ = forge("8b rewrite, head kept", tmp_path)
    (tmp_path / "policy.txt").write_text(forged.policy)
    command = ["verify", str(forged.folder), "--policy", str(tmp_path / "policy.txt")]

    assert main(command) == 0
    assert main([*command, "--earlier", str(forged.earlier[0])]) == 1
    assert "FORK_VS_EARLIER_COPY" in capsys.readouterr().out
