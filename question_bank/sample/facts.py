"""Facts: topics on units, pairs of what belongs together, and statements true or false."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from question_bank.items import RIGHT, WRONG, Kind
from question_bank.sample.formulas import NoPlainValue, plain
from question_bank.sample.topics import OPTIONS, SINGLES, Question, Topic, chance_of, shuffled


def conversion_topic(
    one: Mapping[str, Any], data: Mapping[str, Any], words: Mapping[str, Any], seed: str
) -> Topic:
    """Give the topic of one unit conversion."""
    chance = chance_of(seed, one["title"])
    factor = Fraction(one["factor"])
    values = [Fraction(value) for value in one["values"]]
    chance.shuffle(values)
    pool = iter(values)

    def filled(pattern: str, value: Fraction, times: Fraction) -> str:
        return pattern.format(
            value=plain(value),
            result=plain(value * factor * times),
            **{"from": one["from"], "to": one["to"]},
        )

    def wrong(value: Fraction) -> list[Fraction]:
        return [times for times in _FACTORS if _is_plain(value * factor * times)]

    questions = []
    for _number in range(SINGLES):
        value = next(pool)
        key = f"{plain(value * factor)} {one['to']}"
        others = chance.sample(wrong(value), OPTIONS - 1)
        shown = [f"{plain(value * factor * times)} {one['to']}" for times in others]
        options, answer = shuffled([key], shown, chance)
        questions.append(
            Question(Kind.SINGLE, filled(data["ask"], value, Fraction(1)), answer, options)
        )
    for side, times in ((RIGHT, Fraction(1)), (WRONG, None)):
        value = next(pool)
        chosen = times or chance.choice(wrong(value))
        questions.append(Question(Kind.JUDGE, filled(data["state"], value, chosen), side))
    rest = [next(pool) for _option in range(OPTIONS)]
    pattern = words["conversion"]["option"]
    right = [filled(pattern, value, Fraction(1)) for value in rest[:2]]
    false = [filled(pattern, value, chance.choice(wrong(value))) for value in rest[2:]]
    options, answer = shuffled(right, false, chance)
    stem = words["conversion"]["multiple"].format(title=one["title"])
    questions.append(Question(Kind.MULTIPLE, stem, answer, options))
    return Topic(words["conversion"]["range"], one["title"], "X", 1, "", tuple(questions))


_FACTORS = tuple(
    Fraction(one) for one in (Decimal("0.001"), Decimal("0.01"), Decimal("0.1"), 10, 100, 1000)
)


def table_topic(table: Mapping[str, Any], words: Mapping[str, Any], seed: str) -> Topic:
    """Give the topic of a table of pairs."""
    chance = chance_of(seed, table["title"])
    pairs = [tuple(pair) for pair in table["pairs"]]
    chance.shuffle(pairs)
    rights = [right for _left, right in pairs] + list(table.get("options", []))
    questions = []
    for left, right in pairs[:SINGLES]:
        wrong = chance.sample([other for other in rights if other != right], OPTIONS - 1)
        options, answer = shuffled([right], wrong, chance)
        stem = table["ask"].format(left=left)
        questions.append(Question(Kind.SINGLE, stem, answer, options))
    (left, right), (other, own) = pairs[0], pairs[1]
    swapped = chance.choice([one for one in rights if one != own])
    questions.append(Question(Kind.JUDGE, table["state"].format(left=left, right=right), RIGHT))
    questions.append(Question(Kind.JUDGE, table["state"].format(left=other, right=swapped), WRONG))
    states = [table["state"].format(left=left, right=right) for left, right in pairs[:2]]
    false = [
        table["state"].format(left=left, right=chance.choice([one for one in rights if one != own]))
        for left, own in (pairs[-1], pairs[2])
    ]
    if len(set(false)) == len(false):
        options, answer = shuffled(states, false, chance)
        stem = words["table"]["multiple"].format(title=table["title"])
        stripped = tuple(option.rstrip("\N{IDEOGRAPHIC FULL STOP}") for option in options)
        questions.append(Question(Kind.MULTIPLE, stem, answer, stripped))
    return _fact(table, questions)


def rule_topic(rule: Mapping[str, Any], words: Mapping[str, Any], seed: str) -> Topic:
    """Give the topic of a list of true and false statements."""
    chance = chance_of(seed, rule["title"])
    right, wrong = list(rule["right"]), list(rule["wrong"])
    stop = "\N{IDEOGRAPHIC FULL STOP}"
    questions = []
    for name, ours, others in (
        ("single", right[:2], wrong),
        ("odd", wrong[:1], right),
    ):
        for statement in ours:
            options, answer = shuffled([statement], chance.sample(others, OPTIONS - 1), chance)
            stem = words["rule"][name].format(title=rule["title"])
            questions.append(Question(Kind.SINGLE, stem, answer, options))
    questions.append(Question(Kind.JUDGE, right[2] + stop, RIGHT))
    questions.append(Question(Kind.JUDGE, wrong[2] + stop, WRONG))
    options, answer = shuffled(chance.sample(right, 3), chance.sample(wrong, 1), chance)
    stem = words["rule"]["multiple"].format(title=rule["title"])
    questions.append(Question(Kind.MULTIPLE, stem, answer, options))
    return _fact(rule, questions)


def _fact(data: Mapping[str, Any], questions: list[Question]) -> Topic:
    return Topic(
        range=data["range"],
        name=data["title"],
        importance=data.get("importance", "X"),
        difficulty=data["difficulty"],
        family="",
        questions=tuple(questions),
    )


def _is_plain(value: Fraction) -> bool:
    try:
        plain(value)
    except NoPlainValue:
        return False
    return True
