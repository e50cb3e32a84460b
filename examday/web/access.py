"""
The access table: which role may open which page, read once from config/access.toml.

A section is a blueprint, a line is an endpoint with the words that may open it. Whatever
stands in no line is closed; a line for which there is no page is a mistake. Both keep the
server from starting, so the table always tells the whole truth (等保 L3-CES1-05…11).
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_


class Role(StrEnum):
    """
    What a person may be on the day: the words of the access table and of an account.

    考务 office · 命题 setter · 审题 reviewer · 保管 custodian · 考评员 examiner · 监考员 proctor ·
    督导员 supervisor · 审计 auditor · 系统管理 admin · 签发 signer.
    """

    OFFICE = "office"
    SETTER = "setter"
    REVIEWER = "reviewer"
    CUSTODIAN = "custodian"
    EXAMINER = "examiner"
    PROCTOR = "proctor"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SIGNER = "signer"


ANY = "any"  # every signed-in person
PUBLIC = "public"  # everyone, signed in or not
KIOSK = "kiosk"  # a request signed by an enrolled kiosk; admission checks the signature
_WORDS = frozenset({*Role, ANY, PUBLIC, KIOSK})


class BadAccessTable(BadInput):
    """The access table and the pages of the house do not agree."""

    code = "bad_access_table"
    message = N_("The access table config/access.toml is wrong: %(problems)s")


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The words that open each endpoint."""

    rows: Mapping[str, frozenset[str]]

    def words(self, endpoint: str) -> frozenset[str]:
        """Give the words that open this endpoint; none when it is not listed."""
        return self.rows.get(endpoint, frozenset())

    def is_public(self, endpoint: str) -> bool:
        """Say whether no sign-in is asked here (a kiosk shows its signature instead)."""
        return bool(self.words(endpoint) & {PUBLIC, KIOSK})

    def allows(self, endpoint: str, roles: Collection[str]) -> bool:
        """Say whether a signed-in person with these roles may open the endpoint."""
        return bool(self.words(endpoint) & {ANY, PUBLIC, KIOSK, *roles})

    def check(self, endpoints: Iterable[str]) -> None:
        """Raise BadAccessTable naming every page without a line and every line without a page."""
        pages = set(endpoints)
        problems = [f"{page}: no line" for page in sorted(pages - set(self.rows))]
        problems += [f"{row}: no such page" for row in sorted(set(self.rows) - pages)]
        if problems:
            raise BadAccessTable(problems="; ".join(problems))


def load_access(path: Path) -> AccessTable:
    """Read the table; raises BadAccessTable for unreadable TOML or a word that is no role."""
    try:
        sections = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadAccessTable(problems=error) from error
    rows: dict[str, frozenset[str]] = {}
    problems: list[str] = []
    for section, lines in sections.items():
        for name, words in lines.items() if isinstance(lines, dict) else ():
            given = frozenset([words] if isinstance(words, str) else words)
            rows[f"{section}.{name}"] = given
            problems += [f"{section}.{name}: {word!r}" for word in sorted(given - _WORDS)]
    if problems:
        raise BadAccessTable(problems="; ".join(problems))
    return AccessTable(rows)
