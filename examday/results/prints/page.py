"""成绩登记表 as PDF/A-3b: landscape A4, the sheet.json attached, boxes for ink and stamp."""

from datetime import datetime
from pathlib import Path

from examday.documents import qr_png, typeset
from examday.results.prints import wording
from examday.results.rules import short_code
from examday.wire import parse_canonical

# Widths in em of the print; 0 takes what is left of the line.
_WIDTHS = {
    "no": 2.4, "ticket_no": 12.2, "name": 8.4, "sex": 2.4, "id_masked": 10.4, "employer": 0,
    "occupation": 5, "trade": 4.6, "level": 6.6, "theory": 3.6, "practical": 3.6, "review": 3.6,
    "performance": 3.6, "conduct": 3.6, "overall": 3.6, "outcome": 5, "note": 5,
}  # fmt: skip
_LEFT = frozenset({"employer", "note"})
_TEMPLATE = Path(__file__).with_name("sheet.typ")


def print_pdf(content: bytes) -> bytes:
    """Typeset the page of a sheet.json; the same bytes in give the same bytes out."""
    document = parse_canonical(content)
    code = short_code(content)
    data = {
        "words": wording.words(),
        "title": wording.words()["title"],
        "subtitle": wording.subtitle(document),
        "sheet": document["sheet"],
        "version": document["version"],
        "site": document["site"],
        "body": document["body"],
        "code": code,
        "facts": wording.facts(document),
        "totals": wording.totals(document),
        "columns": wording.titles(document),
        "widths": [_WIDTHS[name] for name in wording.columns(document)],
        "left": [name in _LEFT for name in wording.columns(document)],
        "rows": wording.printed_rows(document),
        "changes": wording.changes(document),
        "note": wording.note(document),
    }
    picture = qr_png(f"EXS1:{document['sheet']}:{document['version']}:{code}", module_px=4)
    return typeset(
        _TEMPLATE,
        data,
        assets={"code.png": picture, "sheet.json": content},
        standard="a-3b",
        timestamp=datetime.fromisoformat(document["compiled_at"]),
    )
