"""The server dies in the middle of an upload, and the file arrives all the same."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from examday.db import db
from examday.proctoring import service as proctoring
from examday.proctoring.adapters import intake
from tests.factories.proctoring import make_watched, padded
from tests.factories.running import RunningSite, sign_in_over_http

MIB = 1 << 20
TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.mark.parametrize("size", [30 * MIB, pytest.param(300 * MIB, marks=pytest.mark.slow)])
def test_an_upload_survives_the_death_of_the_server_to_the_byte(app, settings, size):
    watched = make_watched()
    path = padded(watched.record(0), size)
    content, name = path.read_bytes(), path.name
    path.unlink()
    db.session.remove()
    site = RunningSite(settings.home)
    try:
        site.start()
        client = sign_in_over_http(site.origin, watched.proctors[0].login)
        url = _announce(client, watched.sitting.id, name, size)
        _die_while_sending(client, site, url, content, until=size // 2 + 12_345)
        site.start()

        resumed_at = _offset(client, url)
        part = content[resumed_at:]
        sent = client.patch(url, content=part, headers={**PART, "Upload-Offset": str(resumed_at)})
        taken = client.post(f"{url}/take", headers=TUS)
    finally:
        site.kill()

    print(f"resumed at {resumed_at} of {size}")
    assert 0 < resumed_at <= size // 2 + 12_345
    assert sent.headers["Upload-Offset"] == str(size)
    assert taken.status_code == 200, taken.text
    (segment,) = proctoring.list_segments(watched.sitting.id)
    assert segment.digest.sha256 == hashlib.sha256(content).hexdigest()
    with intake.hold(settings.home / segment.path) as held:
        assert intake.digest(held) == segment.digest


def _announce(client: httpx.Client, sitting_id: int, name: str, size: int) -> str:
    about = f"filename {b64encode(name.encode()).decode()},camera {b64encode(b'R1-C1').decode()}"
    answer = client.post(
        f"/proctoring/{sitting_id}/R1/uploads",
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": about},
    )
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def _offset(client: httpx.Client, url: str) -> int:
    return int(client.head(url, headers=TUS).headers["Upload-Offset"])


def _die_while_sending(
    client: httpx.Client, site: RunningSite, url: str, content: bytes, *, until: int
) -> None:
    def trickle() -> Iterator[bytes]:
        for at in range(0, until, MIB):
            yield content[at : min(at + MIB, until)]
        # What was sent is on its way to the disk; the part itself is never finished.
        time.sleep(1)
        site.kill()
        for at in range(until, len(content), MIB):
            yield content[at : at + MIB]

    length = str(len(content))
    with pytest.raises(httpx.TransportError):
        client.patch(
            url,
            content=trickle(),
            headers={**PART, "Upload-Offset": "0", "Content-Length": length},
        )
