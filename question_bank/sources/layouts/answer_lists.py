"""Answer lists: `1.A 2.C` at the end of a section or file, put to the items they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.items import Kind
from question_bank.sources.layouts.grammar import grammar


@dataclass(slots=True, kw_only=True)
class Block:
    """The lines of one item, with what its first line said before the stem."""

    line: int
    section: int
    number: int
    kind: Kind | None
    lead: str = ""
    point: str = ""
    difficulty: str = ""
    lines: list[str] = field(default_factory=list)
    stray: bool = False
    listed_answers: list[str] = field(default_factory=list)
    is_complete: bool = False
    has_answer: bool = False

    @property
    def text(self) -> str:
        """The block as it stood, without its number."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAnswer:
    """One `12.C` of an answer list; `group` counts the stretches of one numbering."""

    group: int
    kind: Kind | None
    number: int
    answer: str


class AnswerList:
    """The answers of one list, in groups of one running numbering each."""

    def __init__(self) -> None:
        """Begin empty."""
        self._answers: list[ListedAnswer] = []
        self._kind: Kind | None = None
        self._group = 0

    def begin(self, kind: Kind | None) -> None:
        """A heading stands in the list: what follows answers this kind, if it names one."""
        self._kind = kind
        self._group += 1

    def add(self, number: int, answer: str) -> None:
        """Take one answer; a number that does not rise begins the next group."""
        last = self._answers[-1] if self._answers else None
        if last is not None and last.group == self._group and number <= last.number:
            self._group += 1
        self._answers.append(
            ListedAnswer(group=self._group, kind=self._kind, number=number, answer=answer)
        )

    def written_in(self, unified: str) -> list[tuple[int, str]]:
        """Read `3. text` as the answer to an open question, where the list is about those."""
        if self._kind is None or self._kind.has_options or self._kind is Kind.JUDGE:
            return []
        start = grammar().start.match(unified)
        return [(int(start["number"]), unified[start.end() :])] if start and start["number"] else []

    def give_to(self, waiting: Sequence[Block]) -> None:
        """Put each answer to the one block it can mean; leave what is ambiguous."""
        sections = sorted({block.section for block in waiting})
        groups = sorted({answer.group for answer in self._answers})
        by_order = dict(zip(groups, sections, strict=False)) if len(groups) == len(sections) else {}
        for answer in self._answers:
            fitting = [block for block in waiting if block.number == answer.number]
            if answer.kind is not None:
                fitting = [block for block in fitting if block.kind is answer.kind]
            if len(fitting) > 1 and by_order:
                fitting = [block for block in fitting if block.section == by_order[answer.group]]
            if len(fitting) == 1:
                fitting[0].listed_answers.append(answer.answer)


def pairs_in(unified: str) -> list[tuple[int, str]]:
    """Read a line that is nothing but numbers and answers: `1.A 2.C`, `1-5 ABCDA`."""
    tokens = grammar()
    span = tokens.answer_span.fullmatch(unified)
    if span:
        first, last = int(span[1]), int(span[2])
        answers = "".join(span[3].split())
        if last - first + 1 == len(answers):
            return list(zip(range(first, last + 1), answers, strict=True))
    if tokens.answer_pairs.fullmatch(unified):
        found = tokens.answer_pair.findall(unified)
        return [(int(number), answer) for number, answer in found]
    return []
