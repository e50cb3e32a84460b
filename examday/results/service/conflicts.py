"""One person in two parts of a sheet: refused, and the attempt is traced."""

from collections.abc import Iterator
from contextlib import contextmanager

from examday.db import unit_of_work
from examday.results.rules import SigningConflict, check_compiler
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.trace.service import Action


@contextmanager
def conflicts_traced(action: Action, *, sheet: str, version: int, by: str) -> Iterator[None]:
    """Trace the attempt in a transaction of its own: the refusal rolls the verb back."""
    try:
        yield
    except SigningConflict as conflict:
        with unit_of_work():
            trace.append(
                action,
                subject=f"sheet:{sheet}:v{version}",
                by=by,
                facts={"sheet": sheet, "version": version, "code": conflict.code},
            )
        raise


def check_may_compile(batch_id: int, *, sheet: str, version: int, by: str) -> None:
    """Refuse, with a trace entry, whoever marked a candidate of this batch."""
    with conflicts_traced(Action.COMPILING_REFUSED, sheet=sheet, version=version, by=by):
        check_compiler(login=by.removeprefix("staff:"), markers=scoring.judges(batch_id))
