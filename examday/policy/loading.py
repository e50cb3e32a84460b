"""Reading profiles: a rule without a clause, of the wrong kind or unknown is refused by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

from examday.errors import BadInput
from examday.i18n import N_
from examday.policy.profile import (
    AdmissionRules,
    BodyRules,
    CandidateKind,
    CandidateRules,
    CertificateRules,
    ExamRules,
    FilingRules,
    Method,
    MonitoringRules,
    Notice,
    Policy,
    PublicityRules,
    RetentionRules,
    RoomRules,
    ScoringRules,
    StaffRules,
    Subject,
)

STRICTEST = "strictest"


class BadPolicy(BadInput):
    """A rule profile is incomplete, unknown or without a clause."""

    code = "bad_policy"
    message = N_("The rule profile %(file)s is wrong at %(rule)s: %(reason)s")


class UnknownPolicy(BadInput):
    """The site names a rule profile that no file holds."""

    code = "unknown_policy"
    message = N_("There is no rule profile %(name)s; known are: %(known)s")


_SECTIONS: dict[str, type] = {
    "body": BodyRules,
    "filing": FilingRules,
    "candidates": CandidateRules,
    "exam": ExamRules,
    "admission": AdmissionRules,
    "rooms": RoomRules,
    "staff": StaffRules,
    "scoring": ScoringRules,
    "monitoring": MonitoringRules,
    "publicity": PublicityRules,
    "retention": RetentionRules,
    "certificate": CertificateRules,
}
_LABELS: dict[str, tuple[str, ...]] = {
    "levels": ("6", "5", "4", "3", "2", "1", "7", "8"),
    "national_levels": ("6", "5", "4", "3", "2", "1", "7", "8"),
    "kind_labels": tuple(CandidateKind),
    "method_labels": tuple(Method),
    "subject_labels": tuple(Subject),
}


def load_policies(folder: Path) -> dict[str, Policy]:
    """Read every profile of a folder; a rule without clause or of the wrong kind is refused."""
    contents = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    if STRICTEST not in contents:
        raise BadPolicy(file=folder, rule=STRICTEST, reason="missing")
    return {name: _build(name, own, contents[STRICTEST]) for name, own in contents.items()}


def find_policy(policies: Mapping[str, Policy], name: str) -> Policy:
    """Choose a profile by name, or say which names there are."""
    try:
        return policies[name]
    except KeyError:
        raise UnknownPolicy(name=name, known=", ".join(policies)) from None


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadPolicy(file=path.name, rule="*", reason=error) from error


def _build(
    name: str, own: dict[str, dict[str, Any]], strictest: dict[str, dict[str, Any]]
) -> Policy:
    _refuse_unknown(name, own)
    clauses: dict[str, str] = {}
    inherited: set[str] = set()

    def take(section: str, rule: str) -> Any:
        entry: Any = own.get(section, {}).get(rule)
        if entry is None:
            inherited.add(f"{section}.{rule}")
            entry = strictest.get(section, {}).get(rule)
        clauses[f"{section}.{rule}"] = _source(name, f"{section}.{rule}", entry)
        return entry["value"]

    sections = {}
    for section, kind in _SECTIONS.items():
        types = get_type_hints(kind)
        values = {
            field.name: _cast(
                name, f"{section}.{field.name}", types[field.name], take(section, field.name)
            )
            for field in fields(kind)
        }
        try:
            sections[section] = kind(**values)
        except (ValueError, ArithmeticError) as error:
            raise BadPolicy(file=name, rule=section, reason=error) from error
    labels = {
        section: {rule: str(take(section, rule)) for rule in rules}
        for section, rules in _LABELS.items()
    }
    return Policy(
        name=name,
        notice=_notice(name, own),
        labels=labels,
        clauses=clauses,
        inherited=frozenset(inherited),
        **sections,
    )


def _notice(name: str, own: dict[str, dict[str, Any]]) -> Notice:
    try:
        return Notice(**own["notice"])
    except (KeyError, TypeError) as error:
        raise BadPolicy(file=name, rule="notice", reason=error) from error


def _refuse_unknown(name: str, own: dict[str, dict[str, Any]]) -> None:
    known = {section: {field.name for field in fields(kind)} for section, kind in _SECTIONS.items()}
    known |= {section: set(rules) for section, rules in _LABELS.items()}
    for section, rules in own.items():
        for rule in rules:
            if section != "notice" and rule not in known.get(section, set()):
                raise BadPolicy(file=name, rule=f"{section}.{rule}", reason="unknown rule")


def _source(name: str, rule: str, entry: Any) -> str:
    if not isinstance(entry, dict) or "value" not in entry:
        raise BadPolicy(file=name, rule=rule, reason="no value")
    source: str = entry.get("source", "")
    if not source.strip():
        raise BadPolicy(file=name, rule=rule, reason="no source")
    return source


def _cast(name: str, rule: str, wanted: Any, value: Any) -> Any:
    """Give the value the type its field declares; a bool is not a number here."""
    try:
        if wanted is Decimal and isinstance(value, str):
            return Decimal(value)
        if isinstance(value, list):
            return tuple(wanted.__args__[0](item) for item in value)
        if type(value) is wanted:
            return value
    except (ArithmeticError, AttributeError, ValueError) as error:
        raise BadPolicy(file=name, rule=rule, reason=error) from error
    raise BadPolicy(file=name, rule=rule, reason=f"wrong kind: {value!r}")
