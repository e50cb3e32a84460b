"""The afternoon: candidates come again, cameras go on, the rooms and the day are closed."""

from examday import clock
from examday.demo import doors, room
from examday.demo.office import EXAM_DAY
from examday.demo.stage import Today, checkpoint
from examday.planning import service as planning


def hold(today: Today) -> None:
    """实操: check in, watch, close the rooms, close the day."""
    practical = planning.find_sitting(today.practical_id)
    doors.check_in_practical(today)
    room.watch(today, practical)
    room.close(today, practical)
    today.clock.move_to(clock.at(EXAM_DAY, 15, 30))
    planning.close_day(today.batch_id, by=today.cast["ou"].actor)
    checkpoint()
