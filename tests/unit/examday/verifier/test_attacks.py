"""All ten attacks of the evidence design: each is named, and an honest day gives no finding."""

import pytest

from examday import verifier
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
