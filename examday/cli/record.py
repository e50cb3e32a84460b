"""`examday record`: record one camera into its inbox folder until stopped."""

import argparse
import signal
from threading import Event, Timer
from typing import Any

from examday.cli.printing import Commands, add_home
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("record", help=_("record a camera into its inbox folder"))
    parser.add_argument("camera", help=_("the camera's code, as enrolled"))
    parser.add_argument("source", help=_("where its stream is, such as rtsp://…"))
    parser.add_argument(
        "--seconds", type=float, default=30, help=_("length of a segment, at most 60 (default 30)")
    )
    parser.add_argument("--stop-after", type=float, help=_("stop by itself after so many seconds"))
    add_home(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Record until SIGINT, SIGTERM or the time is over; 2 when the length cannot be."""
    from examday.app import create_app
    from examday.proctoring import service as proctoring
    from examday.settings import load_settings

    if not 1 <= arguments.seconds <= 60:  # noqa: PLR2004 (a lost file costs at most a minute)
        raise ValueError("--seconds 1..60")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if arguments.stop_after:
        Timer(arguments.stop_after, stop.set).start()
    with create_app(load_settings(arguments.home)).app_context():
        proctoring.record_camera(
            arguments.camera,
            arguments.source,
            stop=stop,
            segment_seconds=arguments.seconds,
            heard=lambda sign, detail: print(sign, detail, flush=True),
        )
    return 0
