"""The forms of drawn papers: everybody makes them again from the certificate, once revealed."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from question_bank import Paper, form_record, shuffled


def forms_of(
    papers: Iterable[Paper], *, certificate: bytes, shuffles: int
) -> Iterator[tuple[Paper, bytes]]:
    """Give each paper, then so many shuffles of it with the record that each was made by."""
    seed = sha256(certificate).digest()
    for paper in papers:
        yield paper, b""
        for number in range(2, shuffles + 2):
            other = shuffled(paper, seed=seed, form=f"{paper.form}{number}")
            yield other, form_record(paper, other, seed=seed)
