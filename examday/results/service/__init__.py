"""The front desk of results: compile, sign, correct, show and verify score sheets."""

from examday.results.rules import (
    Duty,
    Finding,
    Outcome,
    Row,
    RowProof,
    Sheet,
    SheetChange,
    SheetSignature,
    SheetState,
    SigningConflict,
    Totals,
)
from examday.results.service.checking import check_batch
from examday.results.service.compiling import compile_sheet
from examday.results.service.correcting import correct_sheet
from examday.results.service.files import sheet_files
from examday.results.service.looking import (
    find_sheet,
    latest_sheet,
    list_sheets,
    public_rows,
    row_proof,
    sheet_file,
)
from examday.results.service.signing import sign_sheet, signing_duty
from examday.results.service.verifying import sheet_of_file, verify_json, verify_pdf

__all__ = [
    "Duty",
    "Finding",
    "Outcome",
    "Row",
    "RowProof",
    "Sheet",
    "SheetChange",
    "SheetSignature",
    "SheetState",
    "SigningConflict",
    "Totals",
    "check_batch",
    "compile_sheet",
    "correct_sheet",
    "find_sheet",
    "latest_sheet",
    "list_sheets",
    "public_rows",
    "row_proof",
    "sheet_file",
    "sheet_files",
    "sheet_of_file",
    "sign_sheet",
    "signing_duty",
    "verify_json",
    "verify_pdf",
]
