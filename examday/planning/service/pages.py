"""What planning's pages ask beyond the verbs: steps, choosable targets, rules with clauses."""

from dataclasses import dataclass, fields

from examday import clock
from examday.i18n import N_, gettext
from examday.planning.rules.rule_names import RULE_NAMES, TABLE_NAMES, VALUE_NAMES
from examday.planning.rules.steps import Step, progress
from examday.planning.service.batches import find_batch
from examday.planning.service.bodies import find_body, list_bodies
from examday.planning.service.site import site_policy
from examday.policy import Policy

# These rules list words that the profile itself names.
_TABLES = {
    "candidates.kinds": "kind_labels",
    "exam.methods": "method_labels",
    "exam.methods_without_exam": "method_labels",
    "exam.levels": "levels",
    "exam.subjects": "subject_labels",
    "rooms.senior_levels": "levels",
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a profile: where it stands, its value, its clause, and whether it is inherited."""

    rule: str
    value: str
    clause: str
    is_inherited: bool

    def text(self) -> str:
        """Name the rule as a reader does; a rule without a name shows its key."""
        table = self.rule.split(".", 1)[0]
        return gettext(RULE_NAMES.get(self.rule) or TABLE_NAMES.get(table) or self.rule)


def list_steps(batch_id: int) -> tuple[Step, ...]:
    """List the steps of a batch."""
    return progress(find_batch(batch_id).state)


def list_targets() -> tuple[tuple[str, str], ...]:
    """List what the filed scope allows today: a key for a form, and its words."""
    if not list_bodies():
        return ()
    policy, today = site_policy(), clock.today()
    return tuple(
        (
            f"{line.occupation_code}|{line.trade}|{line.occupation}|{int(level)}",
            f"{line.occupation} {line.trade} {line.occupation_code} {policy.level_label(level)}",
        )
        for line in find_body().scope
        if line.valid_from <= today
        for level in line.levels_in_order
        if level in policy.exam.levels
    )


def list_rules(policy: Policy) -> tuple[RuleLine, ...]:
    """List a profile's rules in the order of its file."""
    return tuple(
        RuleLine(
            rule=rule,
            value=_shown(policy, rule),
            clause=policy.clause(rule),
            is_inherited=rule in policy.inherited,
        )
        for rule in policy.clauses
    )


def _shown(policy: Policy, rule: str) -> str:
    section, name = rule.split(".", 1)
    if section in policy.labels:
        return policy.labels[section][name]
    rules = getattr(policy, section)
    values = {field.name: getattr(rules, field.name) for field in fields(rules)}
    value = values[name]
    labels = policy.labels[_TABLES[rule]] if rule in _TABLES else {}
    items = value if isinstance(value, tuple) else (value,)
    return gettext(N_(", ")).join(labels.get(_key(item)) or _word(item) for item in items)


def _key(item: object) -> str:
    return str(int(item)) if isinstance(item, int) else str(item)


def _word(item: object) -> str:
    name = VALUE_NAMES.get(str(item))
    return gettext(name) if name else str(item)
