"""
Blocks: cutting a text bank into the stretches that hold one item each.

A reading keeps the section it is in (its kind, its numbering) and collects the answer lists
that stand at the end of a section or of the file. What a block holds is read in `parts`.
"""

import re

from question_bank.items import Kind
from question_bank.items.wording import shadow
from question_bank.sources.layouts.answer_lists import AnswerList, Block, pairs_in
from question_bank.sources.layouts.grammar import Grammar, grammar
from question_bank.sources.vocabulary import vocabulary

CODED_SHARE = 0.5
SHORT_TITLE = 24
FEWEST_JOINED = 6


class Reading:
    """One pass over the lines of a text bank."""

    def __init__(self, text: str) -> None:
        """Look at the whole text first: is it numbered, does it carry point codes?"""
        self.words = vocabulary()
        self.grammar: Grammar = grammar()
        self.blocks: list[Block] = []
        self._lines = _broken_lines(text, self.grammar)
        unified = [shadow(line) for _number, line in self._lines]
        starts = [self.grammar.start.match(line) for line in unified if not pairs_in(line)]
        numbered = [start for start in starts if start]
        coded = [start for start in numbered if start["point"]]
        self._is_coded = len(coded) > CODED_SHARE * len(numbered)
        self._is_numbered = bool(numbered)
        self._kind: Kind | None = None
        self._section = 0
        self._open: Block | None = None
        self._after_blank = False
        self._answers: AnswerList | None = None
        self._first_unanswered = 0

    def read(self) -> list[Block]:
        """Give the blocks in file order, answers of lists already put to them."""
        for number, line in self._lines:
            self._take(number, line)
        self._close_answers()
        return self.blocks

    def _take(self, number: int, line: str) -> None:
        waiting = [line]
        while waiting:
            line = waiting.pop()
            unified = shadow(line)
            if not unified.strip():
                self._after_blank = True
                continue
            if not self._take_heading(unified) and not self._take_answers(unified):
                joined = self._joined_at(unified)
                if joined:
                    waiting += [line[joined:], line[:joined]]
                    continue
                self._take_start(number, line, unified) or self._take_text(number, line, unified)
            self._after_blank = False

    # -- headings and answer lists ------------------------------------------------------------

    def _take_heading(self, unified: str) -> bool:
        bare = unified.strip()
        if self.grammar.answer_heading.fullmatch(bare) and not self._is_answer_label(bare):
            self._begin_answers(self.words.kind_in(bare))
            return True
        if self.grammar.kind_heading.fullmatch(bare):
            kind = self.words.kind_in(bare)
            if self._answers is not None:
                self._answers.begin(kind)
            self._begin_section(kind)
            return True
        if self.grammar.heading.match(bare):
            self._begin_section(self.words.kind_in(bare) or self._kind)
            return True
        return False

    def _is_answer_label(self, bare: str) -> bool:
        """A bare `答案:` line under an item that still lacks one begins a label, not a list."""
        block = self._open
        return bare.endswith(":") and block is not None and not block.has_answer

    def _begin_section(self, kind: Kind | None) -> None:
        self._kind = kind
        self._section += 1
        self._open = None

    def _begin_answers(self, kind: Kind | None) -> AnswerList:
        if self._answers is None:
            self._answers = AnswerList()
        self._answers.begin(kind)
        self._open = None
        return self._answers

    def _take_answers(self, unified: str) -> bool:
        """Take a line that is only numbers and answers, or any numbered line inside a list."""
        pairs = pairs_in(unified)
        if not pairs and self._answers is not None:
            pairs = self._answers.written_in(unified)
        if not pairs:
            if self._answers is not None and self.grammar.start.match(unified):
                self._close_answers()
            return False
        answers = self._answers if self._answers is not None else self._begin_answers(None)
        for number, answer in pairs:
            answers.add(number, answer)
        return True

    def _close_answers(self) -> None:
        answers, self._answers = self._answers, None
        if answers is not None:
            answers.give_to(self.blocks[self._first_unanswered :])
            self._first_unanswered = len(self.blocks)

    # -- items -----------------------------------------------------------------------------

    def _take_start(self, number: int, line: str, unified: str) -> bool:
        power = self.grammar.power.match(unified)
        if power:
            self._open_block(number, line[power.end() :], item=self._next_number())
            block = self.blocks[-1]
            block.kind = self.words.power_kinds[power["power_kind"]]
            block.difficulty = power["power_difficulty"]
            return True
        start = self.grammar.start.match(unified)
        if not start or not self._accepts(start):
            return False
        item = int(start["number"] or start["named"] or start["bare"])
        end = start.end() if self._is_coded or not start["point"] else start.start("point")
        if self.blocks and self._open is not None and item <= self._open.number:
            self._section += 1
        self._open_block(number, line[end:], item=item)
        block = self.blocks[-1]
        block.lead = start["lead"] or start["bracketed"] or ""
        block.has_answer = bool(block.lead)
        if self._is_coded and start["point"]:
            block.point = start["point"]
        return True

    def _accepts(self, start: re.Match[str]) -> bool:
        """Tell an item number from a number that happens to open a line."""
        item = int(start["number"] or start["named"] or start["bare"])
        follows = start.string[start.end() : start.end() + 1]
        block = self._open
        if start["mark"] in {",", ")"} and not start["point"]:
            return False
        if block is None or (self._is_coded and start["point"]):
            return True
        if start["mark"] == "." and follows.isdigit():
            return item == block.number + 1 and block.is_complete and not start["lead"]
        return item == block.number + 1 or block.is_complete

    def _take_text(self, number: int, line: str, unified: str) -> bool:
        block = self._open
        is_label = bool(self.grammar.label.match(unified))
        is_option = bool(self.grammar.bracket_mark.match(unified.lstrip())) or bool(
            self.grammar.plain_mark.match(unified)
        )
        if block is None:
            if not self._is_numbered and not is_label and not is_option:
                self._open_block(number, line, item=self._next_number())
            return True
        if not (is_label or is_option) and self._begins_unnumbered(block, line, unified):
            self._open_block(number, line, item=self._next_number())
            return True
        if not (is_label or is_option) and self._after_blank and block.is_complete:
            if len(unified.strip()) <= SHORT_TITLE and "\u3002" not in unified:
                self._begin_section(self._kind)
                return True
            block.stray = not self._has_explanation(block)
        block.lines.append(line)
        self._note_progress(block, unified)
        return True

    def _begins_unnumbered(self, block: Block, _line: str, unified: str) -> bool:
        """In a file without numbers, a plain line after an answer begins the next item."""
        is_note = bool(self.grammar.kind_note.search(unified))
        return not self._is_numbered and block.has_answer and not is_note

    def _has_explanation(self, block: Block) -> bool:
        return any(
            self.words.labels.get(match[1] or match[2]) in {"explanation", "answer"}
            for match in self.grammar.label.finditer(shadow(block.text))
        )

    def _open_block(self, number: int, line: str, *, item: int) -> None:
        block = Block(line=number, section=self._section, number=item, kind=self._kind)
        block.lines.append(line)
        self.blocks.append(block)
        self._open = block
        self._note_progress(block, shadow(line))

    def _note_progress(self, block: Block, unified: str) -> None:
        """See whether the block already holds what an item needs: options or an answer."""
        marks = [*self.grammar.bracket_mark.finditer(unified)]
        marks += [*self.grammar.plain_mark.finditer(unified)]
        if self._names_answer(unified) or self.grammar.judged_stem.search(unified):
            block.has_answer = True
        past_first = any((mark[1] or mark[mark.lastindex or 1]) in "BCDEFGH" for mark in marks)
        block.is_complete = block.is_complete or block.has_answer or past_first
        if block.kind is Kind.JUDGE:
            block.is_complete = True

    def _names_answer(self, unified: str) -> bool:
        return any(
            self.words.labels.get(match[1] or match[2]) == "answer"
            for pattern in (self.grammar.label, self.grammar.inline_label)
            for match in pattern.finditer(unified)
        )

    def _next_number(self) -> int:
        return self.blocks[-1].number + 1 if self.blocks else 1

    def _joined_at(self, unified: str) -> int:
        """Find where the next item was joined to the last option of this one."""
        block = self._open
        start = self.grammar.start.match(unified)
        current = int(start["number"]) if start and start["number"] else 0
        if not current and block is not None:
            current = block.number
        marks = [*self.grammar.bracket_mark.finditer(unified)]
        marks += [*self.grammar.plain_mark.finditer(unified)]
        if not marks or not current:
            return 0
        first = min(mark.start() for mark in marks)
        for match in self.grammar.joined_start.finditer(unified, first):
            number = int(match[1] or match[2])
            rest = unified[match.end() :]
            if number == current + 1 and len(rest) >= FEWEST_JOINED:
                return match.end()
        return 0


def _broken_lines(text: str, tokens: Grammar) -> list[tuple[int, str]]:
    """Number the lines, and break those where the next item follows an answer directly."""
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        cut = 0
        for glued in tokens.glued_start.finditer(shadow(line)):
            lines.append((number, line[cut : glued.end()]))
            cut = glued.end()
        lines.append((number, line[cut:]))
    return lines
