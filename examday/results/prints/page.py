"""成绩登记表 as PDF/A-3b: landscape A4, the sheet.json attached, boxes for ink and stamp."""

from datetime import datetime
from pathlib import Path

from examday.documents import qr_png, typeset
from examday.results.prints import wording
from examday.results.rules import short_code
from examday.wire import parse_canonical

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
        "columns": wording.titles(),
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
