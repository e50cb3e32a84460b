"""What planning's pages ask beyond the verbs: steps, choosable targets, rules with clauses."""

from dataclasses import dataclass, fields

from examday import clock
from examday.planning.rules.steps import Step, progress
from examday.planning.service.batches import find_batch
from examday.planning.service.bodies import find_body, list_bodies
from examday.planning.service.site import site_policy
from examday.policy import Policy


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a profile: where it stands, its value, its clause, and whether it is inherited."""

    rule: str
    value: str
    clause: str
    is_inherited: bool


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
        for level in sorted(line.levels, reverse=True)
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
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)
