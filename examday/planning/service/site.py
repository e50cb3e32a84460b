"""The site's rules as data: profile, calendar, deny-list, roster layout; read once per folder."""

import functools
from pathlib import Path

from examday import policy as policies
from examday import settings
from examday.planning.rules.layout import Layout, load_layout
from examday.planning.rules.scope import DenyList, load_deny_list
from examday.policy import Policy
from examday.workdays import Calendar


def site_policy() -> Policy:
    """Give the rule profile that the site is set to."""
    return find_policy(settings.current().policy_name)


def find_policy(name: str) -> Policy:
    """Give a rule profile by name; an unknown one lists the known ones."""
    return policies.find_policy(list_policies(), name)


def list_policies() -> dict[str, Policy]:
    """Give every rule profile of the site's config folder by name."""
    return _policies(settings.current().config)


def calendar() -> Calendar:
    """Give the working-day calendar."""
    return _calendar(settings.current().config)


def deny_list() -> DenyList:
    """Give the occupations that are never assessed here."""
    return _deny_list(settings.current().config)


def layout() -> Layout:
    """Give the layout of roster files."""
    return _layout(settings.current().config)


@functools.cache
def _policies(config: Path) -> dict[str, Policy]:
    return policies.load_policies(config / "policy")


@functools.cache
def _calendar(config: Path) -> Calendar:
    return Calendar.load(config / "calendar")


@functools.cache
def _deny_list(config: Path) -> DenyList:
    return load_deny_list(config / "licensed_occupations.toml")


@functools.cache
def _layout(config: Path) -> Layout:
    return load_layout(config / "roster.toml")
