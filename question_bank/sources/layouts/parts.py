"""Parts: reading stem, options, answer and notes out of one block of a text bank."""

import re
from bisect import bisect_right

from question_bank.items import LETTERS, Defect
from question_bank.items.wording import shadow
from question_bank.sources.draft import Draft, Reason
from question_bank.sources.layouts.answer_lists import Block
from question_bank.sources.layouts.grammar import Grammar, grammar
from question_bank.sources.vocabulary import vocabulary

FEWEST_MARKS = 2
USUAL_OPTIONS = 4  # with all of them there, a letter in brackets is a unit such as (F)
LONGEST_BLOCK = 20_000
_TRAILING = " \t;.,\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH COMMA}\n"


def read_parts(block: Block) -> Draft:
    """Give the draft that a block describes; what is unclear is complained of in the draft."""
    tokens = grammar()
    draft = Draft(
        line=block.line,
        text=block.text.strip(),
        kind=block.kind,
        point=block.point,
        difficulty=block.difficulty,
    )
    if len(block.text) > LONGEST_BLOCK:
        # No item is that long: the file is joined up or hostile, and not worth the time.
        draft.complaints.append(Defect.STEM_TOO_LONG)
        return draft
    head = _take_labels(draft, block.text, tokens)
    head = _take_kind(draft, head, tokens)
    stem = _take_options(draft, head, tokens)
    if block.lead:
        draft.answers.append(block.lead)
    draft.answers += block.listed_answers
    draft.stem = _joined(_take_stem_answer(draft, stem, tokens))
    if block.stray:
        draft.complaints.append(Reason.STRAY_TEXT)
    return draft


def _take_labels(draft: Draft, text: str, tokens: Grammar) -> str:
    """Move every labelled stretch (答案, 解析, 难度 …) into the draft; give what stands before."""
    words = vocabulary()
    unified = shadow(text)
    found = {match.start(): match for match in tokens.label.finditer(unified)}
    covered = {place for match in found.values() for place in range(*match.span())}
    answered = False
    for match in tokens.inline_label.finditer(unified):
        part = words.labels[match[1] or match[2]]
        if match.start() not in covered and (part == "answer" or answered):
            found[match.start()] = match
        answered = answered or part == "answer"
    marks = [found[start] for start in sorted(found)]
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        _put(draft, words.labels[mark[1] or mark[2]], text[mark.end() : end].strip())
    return text[: marks[0].start()] if marks else text


def _put(draft: Draft, part: str, value: str) -> None:
    if part == "answer":
        draft.answers.append(value)
    elif part == "kind":
        draft.kind = vocabulary().kind_in(shadow(value)) or draft.kind
    elif part == "explanation":
        draft.explanation = "\n".join(filter(None, [draft.explanation, value]))
    elif part == "fixed":
        draft.is_fixed = True
    else:
        setattr(draft, part, value)


def _take_kind(draft: Draft, head: str, tokens: Grammar) -> str:
    """Take `此题为判断题(对,错)。` or a leading `[单选]` as the kind."""
    words = vocabulary()
    note = tokens.kind_note.search(shadow(head))
    if note:
        draft.kind = words.kinds[note[1]]
        head = head[: note.start()] + head[note.end() :]
    prefix = tokens.kind_prefix.match(shadow(head))
    if prefix:
        draft.kind = words.kinds[prefix[1] or prefix[2]]
        head = head[prefix.end() :]
    return head


def _take_options(draft: Draft, head: str, tokens: Grammar) -> str:
    """Move the lettered options into the draft; give the stem."""
    unified = shadow(head)
    families = [
        [*tokens.bracket_mark.finditer(unified)],
        [*tokens.plain_mark.finditer(unified)],
    ]
    run, marks = max(((_run(marks), marks) for marks in families), key=lambda pair: len(pair[0]))
    if len(run) < FEWEST_MARKS:
        opening = [mark for mark in marks if _opens_line(unified, mark)]
        if len(opening) >= FEWEST_MARKS:
            draft.complaints.append(Defect.OPTIONS_BROKEN)
        return head
    if _is_broken(run, marks, unified):
        draft.complaints.append(Defect.OPTIONS_BROKEN)
    ends = [mark.start() for mark in run[1:]] + [len(head)]
    draft.options = [
        _joined(head[mark.end() : end]).strip(_TRAILING)
        for mark, end in zip(run, ends, strict=True)
    ]
    return head[: run[0].start()]


def split_options(text: str) -> list[str]:
    """Split one cell of options: lettered, one a line, or between bars."""
    draft = Draft(line=0, text=text)
    if not _take_options(draft, text, grammar()).strip() and draft.options:
        return draft.options
    parts = text.split("\n") if "\n" in text.strip() else re.split(r"[|\uff5c]", text)
    return [part.strip() for part in parts if part.strip()]


def shadow_split(text: str) -> list[str]:
    """Split at bars of either width."""
    return re.split(r"[|\uff5c]", text)


def _run(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """Find the longest A, B, C … among the marks; of equals, the one that begins last."""
    by_letter: dict[str, list[re.Match[str]]] = {}
    for mark in marks:
        by_letter.setdefault(_letter(mark), []).append(mark)
    best: list[re.Match[str]] = []
    for first in by_letter.get("A", []):
        run = [first]
        for letter in LETTERS[1:]:
            same = by_letter.get(letter, [])
            later = bisect_right(same, run[-1].start(), key=re.Match.start)
            if later == len(same):
                break
            run.append(same[later])
        if len(run) >= len(best):
            best = run
    return best


def _is_broken(run: list[re.Match[str]], marks: list[re.Match[str]], unified: str) -> bool:
    """Whether marks outside the run show that a letter was lost, doubled or misread."""
    expected = LETTERS[len(run) :][:1] or "Z"
    first, last = run[0].start(), run[-1].start()
    for mark in marks:
        if mark in run:
            continue
        if mark.start() > last and _letter(mark) > expected and len(run) < USUAL_OPTIONS:
            return True
        if mark.start() > first and _opens_line(unified, mark):
            return True
    return False


def _opens_line(unified: str, mark: re.Match[str]) -> bool:
    return not unified[unified.rfind("\n", 0, mark.start()) + 1 : mark.start()].strip()


def _letter(mark: re.Match[str]) -> str:
    return str(mark[mark.lastindex or 1])


def _take_stem_answer(draft: Draft, stem: str, tokens: Grammar) -> str:
    """
    Take `…的频率是(A)。` as an answer in the stem, and leave an empty blank there.

    A stem with an empty blank of its own keeps its brackets: (A) may be an ampere.
    """
    unified = shadow(stem)
    if tokens.blank.search(unified):
        return stem
    pattern = tokens.stem_answer if draft.options else tokens.judged_stem
    matches = [*pattern.finditer(unified)]
    if not matches:
        return stem
    if len(matches) > 1 and draft.answers:
        return stem
    if len(matches) > 1:
        draft.complaints.append(Defect.ANSWER_UNCLEAR)
        return stem
    group = matches[0].lastindex or 1
    draft.answers.append(matches[0][group])
    return stem[: matches[0].start(group)] + " " + stem[matches[0].end(group) :]


def _joined(text: str) -> str:
    """
    Undo line breaks inside a sentence: none beside Chinese, a space between Latin words.

    The rows of a table, cells between tabs or bars, stay lines.
    """
    whole, was_row = "", False
    for line in text.split("\n"):
        part = line.strip()
        is_row = "\t" in part or (len(part) > 1 and part[0] == part[-1] == "|")
        is_latin = whole[-1:].isascii() and part[:1].isascii()
        between = "\n" if is_row or was_row else " " if is_latin else ""
        whole += between + part if whole and part else part
        was_row = is_row if part else was_row
    return whole
