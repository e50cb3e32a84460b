"""What a verification found: named findings, and notes that a reader should know of."""

from dataclasses import dataclass, field

from .messages import CHINESE, catalogue, sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (or, as a note, worth knowing): code, place, sentence."""

    code: str
    where: str
    text: str


@dataclass(slots=True)
class Report:
    """
    The outcome; valid only when nothing was found.

    `facts` sums up what was looked at (kind, origin, size, files …), as strings.
    """

    language: str = CHINESE
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Say whether the evidence holds."""
        return not self.findings

    def find(self, code: str, where: str, **values: object) -> None:
        """Record something wrong."""
        self._add(self.findings, code, where, values)

    def note(self, code: str, where: str, **values: object) -> None:
        """Record something a reader should know that is not wrong."""
        self._add(self.notes, code, where, values)

    def word(self, value: str) -> str:
        """Say a word of the data (theory, absent, "" for none) in the reader's language."""
        return catalogue(self.language).get(f"WORD_{value.upper() or 'NONE'}", value)

    def as_json(self) -> dict[str, object]:
        """Give the JSON object that outside checks read."""
        return {
            "valid": self.valid,
            "findings": [_object(one) for one in self.findings],
            "notes": [_object(one) for one in self.notes],
            "facts": self.facts,
        }

    def _add(self, target: list[Finding], code: str, where: str, values: dict[str, object]) -> None:
        found = Finding(code=code, where=where, text=sentence(code, values, self.language))
        if found not in target:
            target.append(found)


def _object(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "where": finding.where, "text": finding.text}
