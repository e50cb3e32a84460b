"""What results asks the rooms before it, and how the answers become rows of a sheet."""

from collections.abc import Mapping
from decimal import Decimal

from cryptography import x509

from examday import clock, privacy, settings
from examday.admission import service as admission
from examday.planning import service as planning
from examday.planning.service import Duty
from examday.policy import ScoringRules, Subject
from examday.proctoring import service as proctoring
from examday.results.rules import Heading, Outcome, Row, SheetIncomplete
from examday.scoring import service as scoring
from examday.scoring.service import CandidateScore, Part, PartState
from examday.signing import SiteCA
from examday.verifier import read_roots

Voided = Mapping[tuple[int, str], bool]


def gather_rows(batch_id: int) -> tuple[Row, ...]:
    """Make the rows from roster, tickets, marks and incidents; raises SheetIncomplete."""
    tickets = {ticket.candidate_id: ticket.number for ticket in admission.list_tickets(batch_id)}
    scores = {score.candidate_id: score for score in scoring.candidate_scores(batch_id)}
    voided = {(one.candidate_id, Subject(one.subject)) for one in proctoring.violations(batch_id)}
    rules = planning.policy_of(batch_id).scoring
    rows = []
    for no, candidate in enumerate(planning.list_candidates(batch_id), 1):
        parts = _parts(scores[candidate.id], voided)
        outcome, overall = _decided(parts, rules)
        rows.append(
            Row(
                no=no,
                candidate_id=candidate.id,
                ticket_no=tickets.get(candidate.id, ""),
                name=candidate.name,
                sex=candidate.sex.value,
                id_masked=candidate.id_masked,
                id_last_four=candidate.id_last_four,
                employer=candidate.employer,
                **{subject.value: str(part) for subject, part in parts.items()},
                outcome=outcome,
                overall=overall,
            )
        )
    still_open = sum(row.outcome is Outcome.OPEN for row in rows)
    if still_open or not rows:
        raise SheetIncomplete(count=still_open)
    return tuple(rows)


def heading_of(
    batch_id: int,
    *,
    version: int,
    compiled_by: str,
    objection_no: str = "",
    replaces_sha256: str = "",
) -> Heading:
    """Say whose sheet this is, of which batch, by which rules of marking."""
    batch, body, policy = (
        planning.find_batch(batch_id),
        planning.find_body(),
        planning.policy_of(batch_id),
    )
    return Heading(
        sheet=batch.code,
        version=version,
        site=settings.current().site_name,
        body=body.name,
        body_filing_no=body.filing_no,
        batch=batch.code,
        title=batch.title,
        occupation=batch.occupation,
        trade=batch.trade,
        occupation_code=batch.occupation_code,
        level=int(batch.level),
        level_label=policy.level_label(batch.level),
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        place=batch.site,
        policy=policy.name,
        full_mark=str(policy.scoring.full_mark),
        pass_mark=str(scoring.pass_line(policy.scoring)),
        decimals=policy.scoring.decimals,
        rounding=policy.scoring.rounding,
        examiner_spread=str(policy.scoring.examiner_spread),
        performance_weight=str(policy.scoring.performance_weight),
        conduct_weight=str(policy.scoring.conduct_weight),
        compiled_at=clock.now().replace(microsecond=0),
        compiled_by=compiled_by,
        objection_no=objection_no,
        replaces_sha256=replaces_sha256,
    )


def decide(batch_id: int, printed: Mapping[str, str]) -> tuple[Outcome, str]:
    """Decide outcome and overall mark of the printed parts by the rules of scoring."""
    parts = {Subject(name): _part(value) for name, value in printed.items()}
    return _decided(parts, planning.policy_of(batch_id).scoring)


def normal_mark(batch_id: int, printed: str) -> str:
    """Give a corrected value as a sheet prints it; raises BadMark for what is no mark or state."""
    if printed in {state.value for state in PartState} - {"marked", "missing", "disputed"}:
        return printed
    return str(scoring.read_mark(printed, planning.policy_of(batch_id).scoring))


def leaders_of(batch_id: int) -> frozenset[str]:
    """
    Give the logins of those posted as leader of the examiners in this batch.

    A batch without an exam has no posts: there the leader of the review committee signs (GS-10).
    """
    posted = frozenset(
        post.login
        for sitting in planning.list_sittings(batch_id)
        for post in planning.list_posts(sitting.id)
        if post.duty is Duty.EXAMINER_LEADER
    )
    return posted or scoring.committee_leaders(batch_id)


def authority() -> SiteCA:
    """Give the site's certificate authority."""
    site = settings.current()
    return SiteCA.load_or_create(site.keys / "ca", site.site_name, now=clock.now())


def stamp_roots() -> list[x509.Certificate]:
    """Give the time-stamp authorities that the site trusts: policy.tsa.pem in its home."""
    pem = read_roots(settings.current().home / "policy.txt")
    return x509.load_pem_x509_certificates(pem) if pem else []


def salt_of(row: Row, *, sheet: str, version: int) -> str:
    """Give the salt of a row: the same each time here, not to be guessed elsewhere."""
    return privacy.keyed_digest(f"sheet-row/{sheet}/{version}/{row.candidate_id}")


def _parts(score: CandidateScore, voided: set[tuple[int, Subject]]) -> dict[Subject, Part]:
    def part(of: Part, subject: Subject) -> Part:
        if (score.candidate_id, subject) in voided and of.state is not PartState.NOT_TAKEN:
            return Part(PartState.MISCONDUCT)
        return of

    return {subject: part(getattr(score, subject.value), subject) for subject in Subject}


def _decided(parts: Mapping[Subject, Part], rules: ScoringRules) -> tuple[Outcome, str]:
    exams = [part for subject, part in parts.items() if subject not in scoring.COMPONENTS]
    others = {subject: parts[subject] for subject in scoring.COMPONENTS}
    outcome = scoring.outcome_with(exams, others, rules, scoring.pass_line(rules))
    overall = scoring.overall_mark(exams, others, rules)
    return Outcome(outcome), "" if overall is None else str(overall)


def _part(printed: str) -> Part:
    known = {state.value for state in PartState}
    return Part(PartState(printed)) if printed in known else Part.marked(Decimal(printed))
