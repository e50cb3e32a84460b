"""What markers may learn of an opened paper: its sections, its rubric, and, afterwards, its key."""

from typing import Any

from examday.papers.rules.keys import (
    AnswerKey,
    PaperItem,
    PaperSection,
    items_of,
    key_of,
    sections_of,
)
from examday.papers.service.custody import find_paper, list_papers, open_payload
from examday.papers.service.printing import check_key_may_open

_PRACTICAL = "practical"


def answer_key(paper_id: int, *, by: str) -> AnswerKey:
    """
    Give the key of a paper, once it is opened and every sitting of its subject has ended.

    Raises ShortHanded and KeyTooEarly, both traced. What is done with it is the caller's to trace.
    """
    paper = find_paper(paper_id)
    check_key_may_open(paper, by=by)
    return key_of(open_payload(paper), paper_id=paper.id, digest=paper.paper_digest)


def paper_sections(paper_id: int) -> tuple[PaperSection, ...]:
    """Give kinds and counts of an opened paper, for its answer sheet; raises ShortHanded."""
    return sections_of(open_payload(find_paper(paper_id)))


def paper_items(paper_id: int) -> tuple[PaperItem, ...]:
    """Give the items of an opened paper by number and version; raises ShortHanded."""
    return items_of(open_payload(find_paper(paper_id)))


def sealed_rubric(batch_id: int) -> dict[str, Any] | None:
    """Give the rubric inside the opened practical paper of a batch; None where there is none."""
    for paper in list_papers(batch_id):
        if paper.subject == _PRACTICAL and paper.is_open:
            rubric: dict[str, Any] | None = open_payload(paper)["paper"].get("rubric")
            if rubric:
                return rubric
    return None
