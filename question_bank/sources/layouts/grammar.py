"""
The grammar of published text banks, as regular expressions over the unified text.

One tokenizer serves layouts F1 to F12: headings, answer lists, item starts, labels, option
marks. What differs between layouts is only which of these tokens stand where.
"""

import re
from dataclasses import dataclass
from functools import cache

from question_bank.sources.vocabulary import any_of, vocabulary

POINT = r"[A-Z](?:-?[A-Z]){0,5}-?\d{3}(?!\d)"
POWER = (
    r"[LJ][a-f]\s?(?P<power_level>\d)\s?(?P<power_kind>[A-F])(?P<power_difficulty>[1-5])\d{3}(?!\d)"
)
LETTER_GROUP = r"[A-H](?:[\s,\u3001]?[A-H]){0,7}"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiled tokens; each is matched against one unified line or block."""

    heading: re.Pattern[str]
    kind_heading: re.Pattern[str]
    answer_heading: re.Pattern[str]
    answer_pairs: re.Pattern[str]
    answer_pair: re.Pattern[str]
    answer_span: re.Pattern[str]
    start: re.Pattern[str]
    power: re.Pattern[str]
    joined_start: re.Pattern[str]
    glued_start: re.Pattern[str]
    label: re.Pattern[str]
    inline_label: re.Pattern[str]
    kind_prefix: re.Pattern[str]
    kind_note: re.Pattern[str]
    stem_answer: re.Pattern[str]
    judged_stem: re.Pattern[str]
    blank: re.Pattern[str]
    bracket_mark: re.Pattern[str]
    plain_mark: re.Pattern[str]


@cache
def grammar() -> Grammar:
    """Compile the tokens once from the shipped words."""
    words = vocabulary()
    sides = any_of([word for word in words.judgements if not word.isascii()])
    answers = any_of([word for word, part in words.labels.items() if part == "answer" and word[1:]])
    explanations = any_of([word for word, part in words.labels.items() if part == "explanation"])
    label = any_of(words.labels)
    kind = any_of(words.kinds)
    count = f"[{words.numerals}]+"
    dash = rf"[-~\u2014\u2013{words.until}]"
    ordinal = (
        rf"(?:{words.ordinal}(?:{count}|\d+)[{words.units}]\S{{0,2}}"
        rf"|{count}\s*[\u3001.]|\({count}\))"
    )
    prefixes = any_of([word for word in words.kinds if word not in words.never_a_prefix])
    given = rf"(?:{LETTER_GROUP}|{sides})"
    pair = rf"(\d{{1,4}})\s*[.\u3001:,)]?\s*\(?\s*([A-Z](?:[,\u3001]?[A-Z])*|{sides})\s*\)?"
    note = any_of([words.is_a])
    return Grammar(
        heading=re.compile(rf"{ordinal}"),
        kind_heading=re.compile(rf"(?:{ordinal})?\s*\[?\s*{kind}\s*\]?\s*(?:\(.*\)?)?\s*:?"),
        answer_heading=re.compile(
            rf"(?:{ordinal})?\s*\[?\s*(?:{kind})?\s*(?:{any_of(words.list_headings)})\s*\]?\s*:?"
        ),
        answer_pairs=re.compile(rf"(?:\s*{pair}\s*[;,.\u3002]?(?=\s|\d|$))+\s*"),
        answer_pair=re.compile(pair),
        answer_span=re.compile(
            rf"\s*(\d{{1,4}})\s*{dash}\s*(\d{{1,4}})\s*[.:\u3001]?\s*((?:[A-H]|{sides}|\s)+)\s*"
        ),
        start=re.compile(
            rf"\s*(?:(?P<lead>{given})\s+|\(\s*(?P<bracketed>{sides})\s*\)\s*)?"
            rf"(?:{words.ordinal}(?P<named>\d{{1,4}}){words.question}[.:\u3001]?|(?P<number>\d{{1,4}})\s*(?P<mark>[.\u3001,:)])"
            rf"|(?P<bare>\d{{1,4}})\s*(?={POINT}))\s*(?P<point>{POINT})?\s*"
        ),
        power=re.compile(rf"\s*(?:(?P<number>\d{{1,4}})\s*[.\u3001]\s*)?{POWER}\s*[.\u3001]?\s*"),
        joined_start=re.compile(
            rf"\s(?=(\d{{1,4}})\s*[.\u3001]\s*(?!\d))|(?<=\S)(?=(\d{{1,4}})[.,]{POINT})"
        ),
        glued_start=re.compile(
            rf"(?<=[^\d\s])(?:{answers})\s*\]?\s*:\s*(?:{LETTER_GROUP}|{sides})[.;\u3002]?(?=\s*\d{{1,4}}\s*[\u3001.](?!\d))"
        ),
        label=re.compile(rf"^[ ]*(?:\[({label})\]\s*:?|({label})\s*:)[ ]*", re.MULTILINE),
        inline_label=re.compile(
            rf"\[({answers}|{explanations})\]\s*:?[ ]*|({answers}|{explanations})\s*:[ ]*"
        ),
        kind_prefix=re.compile(rf"\s*(?:[\[(]\s*({kind})\s*[\])]|({prefixes}))[:.\u3001]?\s*"),
        kind_note=re.compile(rf"{note}\s*({kind})\s*(?:\([^)]*\))?\s*[.\u3002]?"),
        stem_answer=re.compile(rf"\(\s*({LETTER_GROUP})\s*\)"),
        judged_stem=re.compile(
            rf"\(\s*({sides})\s*\)(?=\s*[.\u3002]?\s*$)|^\s*\(\s*({sides})\s*\)"
        ),
        blank=re.compile(r"\(\s*\)"),
        bracket_mark=re.compile(r"\(\s*([A-H])\s*\)\s*[.\u3001:]?\s*"),
        plain_mark=re.compile(
            r"(?:(?<![A-Za-z0-9.(])([A-H])\s*[\u3001.:,)]\s*)|(?:^[ ]*([A-H])[ ]+(?=\S))",
            re.MULTILINE,
        ),
    )
