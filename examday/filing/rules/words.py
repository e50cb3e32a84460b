"""How forms print codes: the wording of the notices, read from config/forms/words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from examday.filing.rules.errors import BadForm


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of level, sex, ID type, outcome and subject; never translated."""

    source: str
    none: str
    ticked: str
    unticked: str
    range: str
    list_mark: str
    years: str
    level: Mapping[str, str]
    sex: Mapping[str, str]
    id_type: Mapping[str, str]
    outcome: Mapping[str, str]
    subject: Mapping[str, str]
    examination_form: Mapping[str, str]
    objection: Mapping[str, str] = field(default_factory=dict)

    def say(self, table: str, code: object) -> str:
        """Give the wording of a code; one the table lacks is printed as it is."""
        entries: Mapping[str, str] = getattr(self, table)
        return entries.get(str(code), str(code))

    def or_none(self, text: str) -> str:
        """Never leave a cell empty that the national data rule wants filled (人社鉴发〔2021〕1号)."""
        return text.strip() or self.none


def load_words(folder: Path) -> Words:
    """Read words.toml of the forms folder; a missing or unknown key is refused with the file."""
    path = folder / "words.toml"
    given = tomllib.loads(path.read_text("utf-8"))
    known = {each.name for each in fields(Words)}
    wrong = sorted(set(given) - known) or sorted(known - set(given) - {"objection"})
    if wrong:
        raise BadForm(file=path.name, line=1, reason=", ".join(wrong))
    return Words(**given)
