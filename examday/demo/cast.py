"""Who runs the demo day: accounts, cards, certificates and custodian keys of the people."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from examday.staff import service as staff
from examday.staff.service import Account, Role

# Shown when the demo ends. A real site has no default password (examday serve).
PASSWORD = "Zxcv-2026-Hjkl"  # noqa: S105
_CARD_VALID_TO = date(2028, 12, 31)
_BY = "job:demo"


@dataclass(frozen=True, slots=True)
class Cast:
    """The accounts by login; a passphrase of a key is the login and the demo password."""

    accounts: dict[str, Account]
    leader: Account

    def __getitem__(self, login: str) -> Account:
        """Find a person by login."""
        return self.accounts[login]

    def holding(self, role: Role) -> list[Account]:
        """List who holds a role, in the order of cast.toml."""
        return [account for account in self.accounts.values() if role in account.roles]


def passphrase(account: Account) -> str:
    """Give the passphrase of a person's own key."""
    return f"{account.login} {PASSWORD}"


def introduce() -> Iterator[tuple[str, str]]:
    """List logins with their roles, for whoever wants to look around."""
    for person in _people():
        yield person["login"], ", ".join(person["roles"])


def hire() -> Cast:
    """Add everyone, give signers and leaders certificates and custodians their keys."""
    accounts = {person["login"]: _add(person) for person in _people()}
    leader = next(p["login"] for p in _people() if p.get("duty") == "leader")
    for account in accounts.values():
        if account.login == leader or Role.SIGNER in account.roles:
            staff.issue_certificate(account.id, passphrase(account), by=account.actor)
        if Role.CUSTODIAN in account.roles:
            staff.issue_custodian_key(account.id, passphrase(account), by=account.actor)
    return Cast({a.login: a for a in staff.list_accounts()}, accounts[leader])


def _add(person: dict[str, Any]) -> Account:
    examines = "examiner" in person["roles"]
    return staff.add_account(
        person["login"],
        person["name"],
        person["roles"],
        password=PASSWORD,
        by=_BY,
        card_no=f"2101{sum(map(ord, person['login'])):06d}"
        if examines or "supervisor" in person["roles"]
        else "",
        card_levels=(5, 4, 3) if examines else (),
        card_valid_to=_CARD_VALID_TO if examines or "supervisor" in person["roles"] else None,
    )


def _people() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = tomllib.loads(
        Path(__file__).with_name("cast.toml").read_text("utf-8")
    )["person"]
    return people
