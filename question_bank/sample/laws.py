"""Laws: topics whose keys are computed, one per quantity a formula can be solved for."""

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from question_bank.items import RIGHT, WRONG, Kind
from question_bank.sample.formulas import NoPlainValue, evaluate, plain
from question_bank.sample.topics import (
    JUDGES,
    OPTIONS,
    SINGLES,
    Question,
    Topic,
    chance_of,
    shuffled,
)


def law_topics(law: Mapping[str, Any], words: Mapping[str, Any], seed: str) -> Iterator[Topic]:
    """Give one topic per quantity a law can be solved for."""
    for symbol in law["solve"]:
        name = law["names"][symbol]
        solved = _Solved(law, symbol, words, chance_of(seed, law["title"], symbol))
        yield Topic(
            range=law["range"],
            name=words["law"]["point"].format(title=law["title"], target=name),
            importance=law.get("importance", "X"),
            difficulty=law["difficulty"],
            family=law["title"],
            questions=tuple(solved.questions()),
        )


class _Solved:
    """A law solved for one quantity: sets of values, each exact and printable."""

    def __init__(
        self, law: Mapping[str, Any], symbol: str, words: Mapping[str, Any], chance: random.Random
    ) -> None:
        self.law, self.symbol, self.words, self.chance = law, symbol, words, chance
        self.target = law["names"][symbol]
        self.cases = list(self._cases())
        chance.shuffle(self.cases)

    def _cases(self) -> Iterator[dict[str, Fraction]]:
        computed, formula = next(iter(self.law["solve"].items()))
        grid = {
            name: [Fraction(one) for one in self.law["grid"][name]] for name in self.law["grid"]
        }
        for values in product(*grid.values()):
            case = dict(zip(grid, values, strict=True))
            try:
                case[computed] = evaluate(formula, case)
                solved = evaluate(self.law["solve"][self.symbol], case)
                [plain(value) for value in case.values()]
            except NoPlainValue:
                continue
            if solved != case[self.symbol]:
                raise ValueError(self.law["title"])  # the data contradict themselves
            yield case

    def questions(self) -> Iterator[Question]:
        cases = iter(self.cases)
        patterns = self.words["law"]["single"]
        for number in range(SINGLES):
            yield self._single(next(cases), patterns[number % len(patterns)])
        for number in range(JUDGES):
            yield self._judge(next(cases), is_right=(number + len(self.target)) % 2 == 0)
        yield self._multiple([next(cases) for _option in range(OPTIONS)])
        if self.law["difficulty"] > SINGLES - 1:
            yield self._calculation(next(cases))

    def _single(self, case: Mapping[str, Fraction], pattern: str) -> Question:
        key = self._shown(case[self.symbol], self.symbol)
        wrong = [self._shown(value, self.symbol) for value in self._wrong_values(case, OPTIONS - 1)]
        options, answer = shuffled([key], wrong, self.chance)
        return Question(Kind.SINGLE, self._filled(pattern, case), answer, options, self._how(case))

    def _judge(self, case: Mapping[str, Fraction], *, is_right: bool) -> Question:
        value = case[self.symbol] if is_right else self._wrong_values(case, 1)[0]
        stem = self._filled(self.words["law"]["judge"], case, value)
        return Question(Kind.JUDGE, stem, RIGHT if is_right else WRONG, (), self._how(case))

    def _multiple(self, cases: Sequence[Mapping[str, Fraction]]) -> Question:
        count = self.chance.choice([2, 3])
        pattern = self.words["law"]["option"]
        right = [self._filled(pattern, case) for case in cases[:count]]
        wrong = [
            self._filled(pattern, case, self._wrong_values(case, 1)[0]) for case in cases[count:]
        ]
        options, answer = shuffled(right, wrong, self.chance)
        stem = self.words["law"]["multiple"].format(context=self.law["context"], target=self.target)
        return Question(Kind.MULTIPLE, stem, answer, options)

    def _calculation(self, case: Mapping[str, Fraction]) -> Question:
        answer = self.words["law"]["worked"].format(
            symbol=self.symbol,
            expression=_printed(self.law["solve"][self.symbol]),
            target=self.target,
            value=self._shown(case[self.symbol], self.symbol),
        )
        stem = self._filled(self.words["law"]["calculation"], case)
        return Question(Kind.CALCULATION, stem, answer)

    def _filled(
        self, pattern: str, case: Mapping[str, Fraction], value: Fraction | None = None
    ) -> str:
        formula = self.law["solve"][self.symbol]
        given = [
            self.words["law"]["given"].format(name=name, value=self._shown(case[symbol], symbol))
            for symbol, name in self.law["names"].items()
            if symbol != self.symbol and symbol in _symbols(formula)
        ]
        return str(pattern).format(
            context=self.law["context"],
            givens=self.words["joint"].join(given),
            target=self.target,
            value=self._shown(case[self.symbol] if value is None else value, self.symbol),
        )

    def _how(self, case: Mapping[str, Fraction]) -> str:
        return str(self.words["law"]["explanation"]).format(
            symbol=self.symbol,
            expression=_printed(self.law["solve"][self.symbol]),
            value=self._shown(case[self.symbol], self.symbol),
        )

    def _shown(self, value: Fraction, symbol: str) -> str:
        unit = self.law["units"][symbol]
        return f"{plain(value)} {unit}".strip()

    def _wrong_values(self, case: Mapping[str, Fraction], count: int) -> list[Fraction]:
        """Give values near the true one that are not it: wrong by a factor or by a step."""
        true = case[self.symbol]
        steps = [true * factor for factor in (2, Fraction(1, 2), 10, Fraction(1, 10), 4, 3)]
        steps += [true + 1, true + 2, true + 5, true - 1, true - 2, true * Fraction(3, 2)]
        if self.target in self.words["below_one"]:
            steps = [true + Fraction(step, 20) for step in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)]
        elif self.law["units"][self.symbol] == self.words["below_hundred"]:
            steps = [true + Fraction(step, 2) for step in (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)]
        fitting = [value for value in steps if value != true and self._is_possible(value)]
        return self.chance.sample(sorted(set(fitting)), count)

    def _is_possible(self, value: Fraction) -> bool:
        unit = self.law["units"][self.symbol]
        try:
            plain(value)
        except NoPlainValue:
            return False
        if self.target in self.words["below_one"]:
            return value <= 1
        if unit == self.words["below_hundred"]:
            return value <= 100  # noqa: PLR2004  percent
        are_whole = all(case[self.symbol].denominator == 1 for case in self.cases)
        return value.denominator == 1 or not (unit in self.words["counted"] or are_whole)


def _printed(formula: str) -> str:
    """Write a formula with the signs a reader expects."""
    times, divided, root = "\N{MULTIPLICATION SIGN}", "\N{DIVISION SIGN}", "\N{SQUARE ROOT}"
    return formula.replace(" * ", times).replace(" / ", divided).replace("sqrt", root)


def _symbols(formula: str) -> set[str]:
    cleaned = "".join(char if char.isalnum() else " " for char in formula)
    return set(cleaned.split())
