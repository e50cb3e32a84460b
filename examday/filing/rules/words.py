"""How forms print codes: the wording of the notices, read from config/forms/words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from examday.filing.rules.errors import BadForm


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of outcomes, objections, tick boxes and number ranges; never translated."""

    source: str
    ticked: str
    unticked: str
    range: str
    list_mark: str
    month: str
    occupation: str
    tick: str
    web_notice: str
    capitals: str
    capital_tens: str
    level_count: str
    in_sum: str
    left_out: str
    outcome: Mapping[str, str]
    objection: Mapping[str, str]
    presence: Mapping[str, str]
    seal: Mapping[str, str]
    signature: Mapping[str, str]
    duty: Mapping[str, str]

    def capital(self, number: int) -> str:
        """Write 0 to 99 in capital numerals (大写), as an opinion on years of work asks (HE-19)."""
        tens, ones = divmod(number, 10)
        if not 0 <= tens < 10:  # noqa: PLR2004 (a digit)
            return str(number)
        high = f"{self.capitals[tens]}{self.capital_tens}" if tens else ""
        return f"{high}{self.capitals[ones]}" if ones or not tens else high

    def say(self, table: str, code: object) -> str:
        """Give the wording of a code; one the table lacks is printed as it is."""
        entries: Mapping[str, str] = getattr(self, table)
        return entries.get(str(code), str(code))


def load_words(folder: Path) -> Words:
    """Read words.toml of the forms folder; a missing or unknown key is refused with the file."""
    path = folder / "words.toml"
    given = tomllib.loads(path.read_text("utf-8"))
    known = {each.name for each in fields(Words)}
    wrong = sorted(set(given) ^ known)
    if wrong:
        raise BadForm(file=path.name, line=1, reason=", ".join(wrong))
    return Words(**given)
