"""Where an ID number or a phone can be seen: inside files, and on every page of the server."""

import io
import subprocess
import zipfile
from collections.abc import Iterator, Sequence

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

# Places of a route that are no number, as the demo day names them.
_NAMES = {"room": "R1", "room_code": "R1"}


def words_of(content: bytes) -> bytes:
    """What a reader can see in a file: the text of a PDF, the parts of a workbook, else the bytes."""
    if content.startswith(b"%PDF"):
        done = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
        )
        return done.stdout
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return b"\n".join(packed.read(name) for name in packed.namelist())
    return content


def _address(rule: Rule) -> str | None:
    """Fill a route's places with what the batch has; None where a place is of another kind."""
    values = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if type(converter).__name__ == "IntegerConverter":
            values[name] = 1
        elif name in _NAMES:
            values[name] = _NAMES[name]
        else:
            return None
    return rule.build(values, append_unknown=False)[1]


def pages(app: Flask, client: FlaskClient, left_out: set[str]) -> Iterator[tuple[str, int, bytes]]:
    """Ask for every page that can be named; give its endpoint, the status and what it says."""
    for rule in app.url_map.iter_rules():
        place = _address(rule)
        if "GET" in rule.methods and rule.endpoint not in left_out and place:
            answer = client.get(place)
            yield rule.endpoint, answer.status_code, words_of(answer.get_data())


def holds(words: bytes, secrets: Sequence[bytes]) -> bool:
    """Say whether one of them can be seen."""
    return any(secret in words for secret in secrets)
