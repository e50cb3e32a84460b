"""Pictures drawn by the server: where the points of the arrival curve lie."""

from dataclasses import dataclass
from datetime import datetime

from examday.admission.service import Board, SeatMap

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Curve:
    """
    SVG polylines of arrivals and of the plan, where start and end of entry lie, the full height.

    The plan: everybody comes evenly between the opening of the doors and the start.
    """

    points: str
    plan: str
    planned: int
    opens_x: int
    starts_x: int
    closes_x: int
    plan_y: int
    base_y: int


def curve_points(board: Board, *, now: datetime) -> Curve:
    """Place the arrivals up to now between the opening and the closing of the doors."""
    span = (board.closes_at - board.opens_at).total_seconds() or 1
    most = max(board.expected, 1)
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(at: float) -> int:
        return round(_LEFT + wide * min(max(at / span, 0), 1))

    def y(count: int) -> int:
        return round(HEIGHT - _BOTTOM - high * count / most)

    points = [(x(0), y(0))]
    for at, count in board.curve:
        here = x((at - board.opens_at).total_seconds())
        points += [(here, points[-1][1]), (here, y(count))]
    points.append((x((now - board.opens_at).total_seconds()), points[-1][1]))
    until_start = (board.starts_at - board.opens_at).total_seconds() or 1
    so_far = min(max((now - board.opens_at).total_seconds() / until_start, 0), 1)
    plan = [(x(0), y(0)), (x(until_start), y(board.expected)), (x(span), y(board.expected))]
    return Curve(
        points=" ".join(f"{a},{b}" for a, b in points),
        plan=" ".join(f"{a},{b}" for a, b in plan),
        planned=round(board.expected * so_far),
        opens_x=x(0),
        starts_x=x((board.starts_at - board.opens_at).total_seconds()),
        closes_x=x(span),
        plan_y=y(board.expected),
        base_y=y(0),
    )


def desk_rows(room: SeatMap) -> list[list[int]]:
    """Lay the seat numbers out as the desks stand, row by row; 0 where there is no desk."""
    plan = room.plan
    rows = [[0] * plan.columns for _ in range(plan.rows)]
    for number in range(1, plan.capacity + 1):
        row, column = plan.cell(number)
        rows[row][column] = number
    return rows
