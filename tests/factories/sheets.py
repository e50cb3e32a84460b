"""
Signed sheets as publicity and filing see them, without marks, keys and PDFs.

`FakeSheets.sign(batch, failed=…)` makes the next version of a batch's sheet; `stand_in` puts
the fake behind the queries of the results room.
"""

from dataclasses import dataclass
from pathlib import Path

from examday import clock
from examday.db import unit_of_work
from examday.planning import service as planning
from examday.results.models import SheetRow


@dataclass(frozen=True)
class FakeRow:
    candidate_id: int
    outcome: str
    theory: str = "80.0"
    practical: str = "75.0"


@dataclass(frozen=True)
class FakeSheet:
    id: int
    batch_id: int
    code: str
    version: int
    objection_no: str
    rows: tuple[FakeRow, ...]
    is_signed: bool = True


class FakeSheets:
    """The results room of a test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.sheets: list[FakeSheet] = []

    def stand_in(self, monkeypatch) -> None:
        from examday.results import service

        for name in ("find_sheet", "latest_sheet", "sheet_files", "list_sheets"):
            monkeypatch.setattr(service, name, getattr(self, name), raising=False)

    def sign(self, batch, *, failed=(), objection_no="", is_signed=True) -> FakeSheet:
        """Make the next version; `failed` are serials of the roster."""
        earlier = self.list_sheets(batch.id)
        rows = tuple(
            FakeRow(one.id, "failed" if one.serial in failed else "passed")
            for one in planning.list_candidates(batch.id)
        )
        version = len(earlier) + 1
        code = f"S-{batch.code}"
        sheet = FakeSheet(
            len(self.sheets) + 1, batch.id, code, version, objection_no, rows, is_signed
        )
        self.sheets.append(sheet)
        with unit_of_work() as work:
            work.add(
                SheetRow(
                    id=sheet.id,
                    batch_id=batch.id,
                    code=code,
                    version=version,
                    state="signed" if is_signed else "compiled",
                    objection_no=objection_no,
                    compiled_by="staff:office",
                    compiled_at=clock.now(),
                    row_root="",
                )
            )
        folder = self.home / "results" / f"{code}-v{version}"
        folder.mkdir(parents=True)
        for name in ("sheet.json", "sheet.pdf", "sheet.xlsx"):
            (folder / name).write_text(f"{code} {version} {name}", "utf-8")
        return sheet

    def find_sheet(self, sheet_id: int) -> FakeSheet:
        return self.sheets[sheet_id - 1]

    def latest_sheet(self, batch_id: int) -> FakeSheet | None:
        return next(iter(self.list_sheets(batch_id)[::-1]), None)

    def list_sheets(self, batch_id: int) -> list[FakeSheet]:
        return [sheet for sheet in self.sheets if sheet.batch_id == batch_id]

    def sheet_files(self, sheet_id: int) -> list[Path]:
        sheet = self.find_sheet(sheet_id)
        return sorted((self.home / "results" / f"{sheet.code}-v{sheet.version}").iterdir())
