"""An honest bundle, made once and copied for each attacker."""

import shutil

import pytest

from tests.factories.verifier import honest_day


@pytest.fixture(scope="session")
def honest(tmp_path_factory):
    """The honest day sealed: (folder, policy text)."""
    day = honest_day()
    folder = day.seal(tmp_path_factory.mktemp("honest") / "bundle", earlier=(3, 9))
    return folder, day.policy


@pytest.fixture
def bundle(honest, tmp_path):
    """A copy of the honest bundle that a test may spoil."""
    return shutil.copytree(honest[0], tmp_path / "bundle")


@pytest.fixture
def policy(honest):
    """The policy from outside."""
    return honest[1]
