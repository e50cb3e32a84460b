"""成绩登记表 as a workbook, with the columns of the page."""

from decimal import Decimal

from examday.documents import Column, Merged, WorkbookSpec, fill_workbook
from examday.documents.workbooks import Value
from examday.results.prints import wording
from examday.results.rules import short_code
from examday.wire import parse_canonical

_WIDTHS = {
    "no": 6, "ticket_no": 20, "name": 12, "sex": 6, "id_masked": 22, "employer": 26,
    "occupation": 12, "level": 16, "note": 16,
}  # fmt: skip
_USUAL = 10
_LEFT = frozenset({"employer", "note"})
_PAIRS_PER_LINE = 4


def print_workbook(content: bytes) -> bytes:
    """Fill the workbook of a sheet.json; the same bytes in give the same bytes out."""
    document = parse_canonical(content)
    say = wording.words()
    columns = [
        Column(
            say["columns"][name],
            width=_WIDTHS.get(name, _USUAL),
            align="left" if name in _LEFT else "center",
        )
        for name in wording.columns(document)
    ]
    totals = "  ".join(f"{name} {value}" for name, value in wording.totals(document))
    signing = [Merged(f"{name}:", span=3, height=36) for name in say["signatures"].values()]
    spec = WorkbookSpec(
        sheet=say["sheet"],
        title=say["title"],
        columns=columns,
        rows=[[_value(text) for text in row] for row in wording.printed_rows(document)],
        header=[
            [Merged(wording.subtitle(document), align="center")],
            *_lines(wording.facts(document)),
            [Merged(totals)],
        ],
        footer=[
            *([Merged(line)] for line in wording.changes(document)),
            [Merged(wording.note(document), height=34)],
            [Merged(f"{say['legal']} {short_code(content)}", height=34)],
            [*signing[:-1], Merged(signing[-1].text, height=36)],
        ],
    )
    return fill_workbook(spec)


def _lines(facts: list[tuple[str, str]]) -> list[list[Merged]]:
    lines = []
    for start in range(0, len(facts), _PAIRS_PER_LINE):
        pairs = facts[start : start + _PAIRS_PER_LINE]
        cells = [Merged(f"{name}: {value}", span=3) for name, value in pairs]
        lines.append([*cells[:-1], Merged(cells[-1].text)])
    return lines


def _value(text: str) -> Value:
    # Marks are numbers, so that a spreadsheet can sort and average them; tickets stay text.
    return Decimal(text) if text.replace(".", "", 1).isdecimal() and "." in text else text
