"""The office's bank: import from files, draw parallel papers under the blueprint, seal them."""

import time
from datetime import date
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
    _show_the_bank(today, files)
    today.note(
        _("Papers"),
        _("%(papers)s sealed, %(k)s of %(n)s custodians open them")
        % {"papers": len(drawn.papers), "k": THRESHOLD, "n": len(keepers)},
    )


def _show_the_bank(today: Today, files: question_bank.SampleFiles) -> None:
    """The setter opens the same bank on the server: the same files, its coverage."""
    setter = today.cast.holding(Role.SETTER)[0].actor
    bank = papers.open_bank("electrician-4", words()["bank_title"], by=setter)
    demands = {
        name: (path.name, path.read_bytes())
        for name, path in (("blueprint", files.blueprint), ("model", files.model))
    }
    papers.set_demands(bank.id, **demands, by=setter)
    for path in (*files.texts, files.workbook):
        looked = _wait(
            papers.start_import(
                bank.id,
                name=path.name,
                content=path.read_bytes(),
                source=question_bank.Source.AUTHORED,
                is_reviewed=True,
                by=setter,
            )
        )
        _wait(papers.start_accepting(looked, hold_similar=False, by=setter))


def _wait(job: papers.Job) -> int:
    while not job.is_done:
        time.sleep(0.05)
    release_reads()  # or the next look still shows what was before the job
    if job.result is None:
        raise RuntimeError(job.failure)
    return job.result[1]
