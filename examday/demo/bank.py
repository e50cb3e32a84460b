"""The office's bank: import from files, draw parallel papers under the blueprint, seal them."""

import random
import time
from datetime import date
from decimal import Decimal
from hashlib import sha256

import question_bank
from examday import clock
from examday.db import release_reads
from examday.demo.stage import Today, words
from examday.i18n import gettext as _
from examday.papers import service as papers
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Role

PAPERS = 3
THRESHOLD = 2
PRACTICAL_FORM = "P1"
_SEAL_OPENS = (7, 0)


def draw_papers(today: Today) -> None:
    """Two parallel papers and a spare: no plaintext of them ever reaches the disk."""
    today.clock.move_to(clock.at(date(2026, 10, 15), 14))
    files = question_bank.write_sample(today.desk / "bank", seed=today.seed)
    batch = planning.find_batch(today.batch_id)
    with question_bank.open_store(today.desk / "bank.store") as store:
        report = question_bank.import_files(store, [*files.texts, files.workbook])
        drawn = question_bank.assemble(
            store,
            question_bank.load_blueprint(files.blueprint),
            question_bank.load_model(files.model),
            papers=PAPERS,
            seed=sha256(f"demo {today.seed}".encode()).digest(),
            batch=batch.code,
        )
    today.note(
        _("Bank"),
        _("%(items)s items taken, %(listed)s listed with a reason")
        % {"items": len(report.accepted), "listed": len(report.listed)},
    )
    folder = today.desk / "papers"
    folder.mkdir()
    # Seed and bank together are the papers: until the exam is over only a commitment lies open.
    (folder / "certificate.public.json").write_bytes(drawn.public)
    today.certificate = drawn.certificate
    keepers = today.cast.holding(Role.CUSTODIAN)
    for paper in drawn.papers:
        sealed = question_bank.seal.seal(
            question_bank.payload(paper),
            header={"batch": batch.code, "subject": "theory", "form": paper.form},
            custodians={one.login: staff.custodian_public_key(one.id) for one in keepers},
            threshold=THRESHOLD,
            not_before=clock.at(batch.starts_on, *_SEAL_OPENS),
        )
        papers.take_custody(
            sealed,
            batch_id=batch.id,
            subject="theory",
            form_code=paper.form,
            by=(keepers[0].id, keepers[1].id),
        )
    today.paths["papers"] = folder
    bank_id = _show_the_bank(today, files)
    _seal_practical(today, bank_id)
    today.note(
        _("Papers"),
        _("%(papers)s sealed, %(k)s of %(n)s custodians open them")
        % {"papers": len(drawn.papers), "k": THRESHOLD, "n": len(keepers)},
    )


def _seal_practical(today: Today, bank_id: int) -> None:
    """实操: one task of each point by lot, sealed unseen; the site learns what to prepare."""
    setter = today.cast.holding(Role.SETTER)[0].actor
    keepers, office = today.cast.holding(Role.CUSTODIAN), today.cast["ou"]
    _take_in(bank_id, words()["practical_file"], words()["practical_tasks"].encode(), by=setter)
    batch = planning.find_batch(today.batch_id)
    paper_id = _wait(
        papers.start_sealing_practical(
            bank_id,
            today.batch_id,
            papers.Lottery(
                form=PRACTICAL_FORM,
                weights={"A-A-001": Decimal(70), "A-A-002": Decimal(30)},
                source=words()["practical_source"],
                entropy=" ".join(map(str, random.Random(today.seed).choices(range(1, 7), k=6))),
                notice_from=clock.now(),
            ),
            papers.Sealing(
                custodians=tuple(one.id for one in keepers),
                threshold=THRESHOLD,
                not_before=clock.at(batch.starts_on, *_SEAL_OPENS),
            ),
            by=(keepers[0].id, keepers[1].id),
        )
    )
    notice = papers.print_notice(paper_id, by=office.actor)
    (today.desk / "papers" / "notice.pdf").write_bytes(notice)


def _show_the_bank(today: Today, files: question_bank.SampleFiles) -> int:
    """The setter opens the same bank on the server: the same files, its coverage."""
    setter = today.cast.holding(Role.SETTER)[0].actor
    bank = papers.open_bank("electrician-4", words()["bank_title"], by=setter)
    demands = {
        name: (path.name, path.read_bytes())
        for name, path in (("blueprint", files.blueprint), ("model", files.model))
    }
    papers.set_demands(bank.id, **demands, by=setter)
    for path in (*files.texts, files.workbook):
        _take_in(bank.id, path.name, path.read_bytes(), by=setter)
    return bank.id


def _take_in(bank_id: int, name: str, content: bytes, *, by: str) -> None:
    looked = _wait(
        papers.start_import(
            bank_id,
            name=name,
            content=content,
            source=question_bank.Source.AUTHORED,
            is_reviewed=True,
            by=by,
        )
    )
    _wait(papers.start_accepting(looked, hold_similar=False, by=by))


def _wait(job: papers.Job) -> int:
    while not job.is_done:
        time.sleep(0.05)
    release_reads()  # or the next look still shows what was before the job
    if job.result is None:
        raise RuntimeError(job.failure)
    return job.result[1]
