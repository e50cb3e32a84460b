"""
Raises a kiosk per line of stdin, kills it after so many seconds and passes on what it showed.

Forked from a process that has imported everything, so that a kill costs milliseconds. Nothing of
a child survives but its home: python -m tests.faults.kiosk_nursery HOME TOKEN...
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from examday.wire import Means
from kiosk import app


def live(home: Path, tokens: list[str], out: int) -> None:
    """Scan and tap without a pause; write down each event id once it has been shown."""
    rng = random.Random()
    with app.open_door(home) as door:
        os.write(out, b"\n")
        door.line.sync()
        while True:
            picture = door.scan(rng.choice(tokens), Means.CAMERA)
            if picture.open_id:
                os.write(out, picture.open_id.encode() + b"\n")
                after = door.identify(picture.open_id, is_holder=True)
                if after.undo_id:
                    os.write(out, after.undo_id.encode() + b"\n")
                if rng.random() < 0.6:
                    undone = door.undo("again")
                    os.write(out, undone.undo_id.encode() + b"\n")


def main() -> None:
    """Raise and kill."""
    home, tokens = Path(sys.argv[1]), sys.argv[2:]
    for line in sys.stdin:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            live(home, tokens, theirs)
        os.close(theirs)
        first = os.read(ours, 1)
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = first
        while part := os.read(ours, 65536):
            said += part
        os.close(ours)
        # A line cut short by the kill was not shown whole.
        for one in said.decode().split("\n")[:-1]:
            if one:
                sys.stdout.write(one + "\n")
        sys.stdout.write("dead\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
