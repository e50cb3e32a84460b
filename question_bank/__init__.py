"""
The question bank 题库: items, blueprint, seeded assembly, sealed papers. Works without the server.

`Item` is a 试题, `Blueprint` a 细目表, `Model` a 组卷模型, `Paper` a 试卷 with its `AnswerKey`
标准答案. Serves 甘人社通〔2021〕138号 (national, authored or mixed banks) and
冀职鉴字〔2021〕7号, step 4 (papers drawn from a bank).

    with open_store(path) as store:
        report = import_files(store, [text, workbook])      # ImportReport(found, accepted, listed)
        blueprint, model = load_blueprint(table), load_model(demands)
        run = assemble(store, blueprint, model, papers=3, seed=seed)    # or raises Infeasible
        sealed = seal.seal(payload(run.papers[0]), header={…}, custodians={…}, threshold=2, …)
        recompute(store, run.certificate).same                          # True on any machine

The folders are the way a paper goes: `files` opened safely → `sources` read into drafts → `items`
→ `store`; `demands` say what a paper must meet → `assembly` draws with a certificate → `papers`
checked, shuffled, swapped → `seal`. `office` puts these together over an open store and
`commands` puts words to them; `sample` writes a bank to try it all on.

One store holds the bank of one occupation at one level. Knows `examday` only by its wire format.
"""

from question_bank import seal
from question_bank.assembly import (
    AssemblyRun,
    Capacity,
    Commission,
    Infeasible,
    Recomputed,
    Shortage,
)
from question_bank.assembly.commitment import (
    Commitment,
    check_reveal,
    commit,
    draw_committed,
    prove_item,
)
from question_bank.demands.blueprint import Blueprint, Finding, check
from question_bank.demands.blueprint_files import load_blueprint
from question_bank.demands.coverage import Coverage, Gap
from question_bank.demands.model import Model, load_model
from question_bank.demands.relaxing import Relaxation
from question_bank.errors import BadInput, BankError, NoHeading, Refusal, RunTaken, SealRefused
from question_bank.items import Item, Kind, Source, Status
from question_bank.items.formulas import split_formulas
from question_bank.items.mathml import mathml
from question_bank.items.pictures import Picture
from question_bank.items.practicals import PracticalItem, preparation_notice, record_table
from question_bank.items.tables import Table, split_tables
from question_bank.office import workflow
from question_bank.office.drawing import (
    ask,
    assemble,
    recompute,
    report_capacity,
    report_coverage,
    swap,
)
from question_bank.office.exports import (
    export_bank,
    export_items,
    export_tasks,
    write_quarrels,
)
from question_bank.office.intake import ImportReport, Similar, import_files, preview_files
from question_bank.office.verifying import verify_papers
from question_bank.papers.checking import Violation, check_papers
from question_bank.papers.forms import form_record, shuffled
from question_bank.papers.paper import AnswerKey, Paper, payload
from question_bank.papers.practical import PracticalPaper, Slot, draw_tasks, drawn_by, slots_in
from question_bank.papers.swaps import Swap, Swapped, SwapRefused, swaps_in
from question_bank.sample import SampleFiles, write_sample
from question_bank.sources import NAMES as COLUMN_NAMES
from question_bank.sources import (
    Defaults,
    Layout,
    Listed,
    columns_of,
    propose_mapping,
    read_task,
    write_practicals,
    write_text_layout,
    write_workbook,
)
from question_bank.store import Store, open_store

__all__ = [
    "COLUMN_NAMES",
    "AnswerKey",
    "AssemblyRun",
    "BadInput",
    "BankError",
    "Blueprint",
    "Capacity",
    "Commission",
    "Commitment",
    "Coverage",
    "Defaults",
    "Finding",
    "Gap",
    "ImportReport",
    "Infeasible",
    "Item",
    "Kind",
    "Layout",
    "Listed",
    "Model",
    "NoHeading",
    "Paper",
    "Picture",
    "PracticalItem",
    "PracticalPaper",
    "Recomputed",
    "Refusal",
    "Relaxation",
    "RunTaken",
    "SampleFiles",
    "SealRefused",
    "Shortage",
    "Similar",
    "Slot",
    "Source",
    "Status",
    "Store",
    "Swap",
    "SwapRefused",
    "Swapped",
    "Table",
    "Violation",
    "ask",
    "assemble",
    "check",
    "check_papers",
    "check_reveal",
    "columns_of",
    "commit",
    "draw_committed",
    "draw_tasks",
    "drawn_by",
    "export_bank",
    "export_items",
    "export_tasks",
    "form_record",
    "import_files",
    "load_blueprint",
    "load_model",
    "mathml",
    "open_store",
    "payload",
    "preparation_notice",
    "preview_files",
    "propose_mapping",
    "prove_item",
    "read_task",
    "recompute",
    "record_table",
    "report_capacity",
    "report_coverage",
    "seal",
    "shuffled",
    "slots_in",
    "split_formulas",
    "split_tables",
    "swap",
    "swaps_in",
    "verify_papers",
    "workflow",
    "write_practicals",
    "write_quarrels",
    "write_sample",
    "write_text_layout",
    "write_workbook",
]
