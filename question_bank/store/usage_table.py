"""Usage: which batch used which item, so that a draw spreads exposure and leaves out the last."""

from collections.abc import Iterable, Mapping

from question_bank.errors import RunTaken
from question_bank.store.database import Database


class UsageTable(Database):
    """The uses of items by batch."""

    def record_use(self, batch: str, papers: Mapping[str, Iterable[tuple[str, int]]]) -> None:
        """
        Remember which items a batch used: form code -> (item id, version).

        A batch drawn again replaces what was recorded for it.
        """
        with self._write():
            self._record_use(batch, papers)

    def record_run(
        self,
        batch: str,
        run: int,
        papers: Mapping[str, Iterable[tuple[str, int]]],
        *,
        reason: str,
        certificate: str,
    ) -> None:
        """
        Keep the run of a batch, with what it used, under the SHA-256 of its certificate.

        Runs are counted without a gap and each keeps its outcome, so that nobody draws until a
        paper pleases. The same run again is no other run. Raises RunTaken.
        """
        with self._write():
            known = {number: digest for number, _reason, digest in self.runs(batch)}
            if known.get(run, "") not in {"", certificate} or run > len(known) + 1:
                raise RunTaken(batch=batch, runs=len(known), next=len(known) + 1)
            if run in known:
                return
            self._db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?)", (batch, run, reason, certificate)
            )
            self._record_use(batch, papers)

    def runs(self, batch: str) -> list[tuple[int, str, str]]:
        """Give number, reason and certificate digest of every run of a batch."""
        query = "SELECT run, reason, certificate FROM runs WHERE batch = ? ORDER BY run"
        return self._db.execute(query, (batch,)).fetchall()  # type: ignore[no-any-return]

    def _record_use(self, batch: str, papers: Mapping[str, Iterable[tuple[str, int]]]) -> None:
        self._db.execute("INSERT OR IGNORE INTO batches (code) VALUES (?)", (batch,))
        query = "SELECT seq FROM batches WHERE code = ?"
        (seq,) = self._db.execute(query, (batch,)).fetchone()
        self._db.execute("DELETE FROM uses WHERE batch = ?", (seq,))
        self._db.executemany(
            "INSERT INTO uses (batch, item_id, version, form) VALUES (?, ?, ?, ?)",
            [(seq, item, version, form) for form, used in papers.items() for item, version in used],
        )

    def _usage(self, batch: str) -> tuple[dict[str, int], dict[str, int]]:
        """Count batches per item and how long ago the last was; `batch` itself is left out."""
        batches = [
            seq
            for seq, code in self._db.execute("SELECT seq, code FROM batches ORDER BY seq DESC")
            if code != batch
        ]
        age_of = {seq: age for age, seq in enumerate(batches, start=1)}
        ages: dict[str, int] = {}
        uses: dict[str, int] = {}
        for name, seq in self._db.execute("SELECT DISTINCT item_id, batch FROM uses"):
            if seq in age_of:
                uses[name] = uses.get(name, 0) + 1
                ages[name] = min(ages.get(name, age_of[seq]), age_of[seq])
        return ages, uses
