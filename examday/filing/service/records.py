"""What the rooms know of one batch, each asked once: a form, or all forms of an archive, share it."""

from functools import cached_property

from examday.filing import rules
from examday.filing.service import outcomes as sheets
from examday.filing.service import queries
from examday.planning import service as planning
from examday.policy import Policy


class Records:
    """
    The batch, its people, outcomes and certificates, for as long as one verb takes.

    Asked for again by every form, 5,000 candidates would be decrypted 25 times for one archive.
    """

    def __init__(self, batch_id: int) -> None:
        """Ask nothing yet."""
        self.batch_id = batch_id

    @cached_property
    def batch(self) -> planning.Batch:
        """The batch."""
        return planning.find_batch(self.batch_id)

    @cached_property
    def body(self) -> planning.Body:
        """The assessment body."""
        return planning.find_body()

    @cached_property
    def policy(self) -> Policy:
        """The rules the batch goes by."""
        return planning.policy_of(self.batch_id)

    @cached_property
    def people(self) -> tuple[planning.Candidate, ...]:
        """The candidates in the order of the roster."""
        return planning.list_candidates(self.batch_id)

    @cached_property
    def by_id(self) -> dict[int, planning.Candidate]:
        """The candidates by what other rooms know them by."""
        return {person.id: person for person in self.people}

    @cached_property
    def printed(self) -> tuple[planning.RosterRow, ...]:
        """The candidates as 人员名册备案表 words them, in the same order as `people`."""
        return planning.roster_rows(self.batch_id)

    @cached_property
    def printed_by_serial(self) -> dict[int, planning.RosterRow]:
        """The same by roster number."""
        return {row.serial: row for row in self.printed}

    @cached_property
    def outcomes(self) -> dict[int, sheets.Outcome]:
        """The outcomes by the newest signed sheet; raises SheetMissing."""
        return sheets.outcomes(self.batch_id)

    @cached_property
    def outcomes_if_signed(self) -> dict[int, sheets.Outcome]:
        """The outcomes, or nothing while no sheet is signed."""
        return sheets.outcomes_if_signed(self.batch_id)

    @cached_property
    def certificates(self) -> list[queries.Certificate]:
        """The certificates in the order of their numbers."""
        return queries.list_certificates(self.batch_id)

    def count_passed(self) -> int:
        """Count who passed by the newest signed sheet."""
        return sum(each.outcome == sheets.PASSED for each in self.outcomes.values())

    def count_numbered(self) -> int:
        """Count who passed a level that certificates are numbered for (DOMAIN C6)."""
        return sum(
            each.outcome == sheets.PASSED and self.by_id[each.candidate_id].level in rules.LEVELS
            for each in self.outcomes.values()
        )
