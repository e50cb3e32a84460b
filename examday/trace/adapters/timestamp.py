"""
Asking a time-stamp authority (RFC 3161) about a digest.

rfc3161-client reads strict DER; some public authorities answer in looser DER, so what it will
not read is shown to openssl before it is refused. Whether the authority is trusted is for the
verifier with the authority's certificate; here the answer must be granted and be of our digest.
"""

import http.client
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path

import rfc3161_client

from examday.errors import Unavailable

_SECONDS = 10
_MAX_ANSWER = 65536
_GRANTED = (0, 1)
_TYPE = "application/timestamp-query"


def stamp(url: str, signed: bytes) -> bytes:
    """Get the TimeStampResp of an authority over these bytes; raises Unavailable."""
    builder = rfc3161_client.TimestampRequestBuilder()
    builder = builder.hash_algorithm(rfc3161_client.HashAlgorithm.SHA256)
    query = builder.data(signed).build()
    answer = _post(url, query.as_bytes())
    if not _is_granted(answer, query.nonce) or sha256(signed).digest() not in answer:
        raise Unavailable(what=f"{url}: no time-stamp of our bytes")
    return answer


def _post(url: str, body: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise Unavailable(what=url)
    headers = {"Content-Type": _TYPE}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 (checked)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
            answer: bytes = reply.read(_MAX_ANSWER)
    except (OSError, urllib.error.URLError, http.client.HTTPException) as error:
        raise Unavailable(what=f"{url}: {error}") from error
    return answer


def _is_granted(answer: bytes, nonce: int | None) -> bool:
    try:
        response = rfc3161_client.decode_timestamp_response(answer)
    except ValueError:
        return _openssl_grants(answer)
    return response.status in _GRANTED and response.tst_info.nonce == nonce


def _openssl_grants(answer: bytes) -> bool:
    if shutil.which("openssl") is None:
        return False
    with tempfile.NamedTemporaryFile(suffix=".tsr") as file:
        Path(file.name).write_bytes(answer)
        shown = subprocess.run(
            ["openssl", "ts", "-reply", "-in", file.name, "-text"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    return shown.returncode == 0 and "Status: Granted" in shown.stdout
