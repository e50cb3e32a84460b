"""A batch goes its legal way; each step out of order is refused with its clause."""


from examday.planning import service as planning
from tests.factories.planning import make_batch


def test_a_batch_reaches_its_open_day(app):
    batch = make_batch(6, until="open")

    assert batch.state is planning.BatchState.OPEN
    assert len(planning.list_candidates(batch.id)) == 6
