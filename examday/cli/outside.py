"""What `examday demo` starts beside itself: a witness or a time-stamp authority (demo/outside.py)."""

import argparse
import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from wsgiref.simple_server import make_server

from examday import clock
from examday.cli import main as examday
from examday.demo.authority import Authority
from examday.demo.shared_clock import FollowedClock


def main() -> int:
    """Be one of the two until standard input closes."""
    parser = argparse.ArgumentParser(prog="python -m examday.cli.outside")
    parser.add_argument("--clock", type=Path, help="a file whose time of change is the time")
    parser.add_argument("party", choices=("witness", "authority"))
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the demo, which then ends us
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    with ExitStack() as stack:
        if given.clock:
            stack.enter_context(clock.standing_in(FollowedClock(given.clock)))
        if given.party == "witness":
            return examday(["witness", "serve", *given.rest])
        folder, port = given.rest
        return _serve(Authority(Path(folder)), int(port))


def _serve(authority: Authority, port: int) -> int:
    with make_server("127.0.0.1", port, authority) as server:
        print("listening", flush=True)
        server.serve_forever()
    return 0


def _end_with_standard_input() -> None:
    # The pipe closes with whoever holds its other end, even when that was killed.
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
