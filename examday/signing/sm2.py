"""
An SM2 signature beside the others (GB/T 32918.2 with SM3, the default identity), as an option.

The key is an encrypted PKCS#8 file as every tool knows it, and the openssl command signs with it:
no Python library both holds SM2 keys and is kept up (docs/decisions/0012). Such a key says that
the sheet is unchanged since whoever holds it signed; a licensed CA's device can stand in for it.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from examday.errors import Unavailable
from examday.signing.errors import BadSignature, WrongPassphrase
from examday.signing.keyfile import create_private
from examday.signing.signer import Signer

IDENTITY = "1234567812345678"  # GM/T 0009: who signs, where nothing else is agreed
ROUNDS = 600_000
_SECONDS = 30


class Sm2Key:
    """One person's SM2 key for one act: a `Signer`. The passphrase is kept no longer than it."""

    algorithm = "SM2-SM3"

    def __init__(self, file: Path, passphrase: str, public_der: bytes) -> None:
        """Hold what opens the key; `unlock` is the way in."""
        self._file, self._passphrase = file, passphrase
        self.public_der = public_der

    @classmethod
    def create(cls, file: Path, passphrase: str) -> "Sm2Key":
        """Make a key pair in a new private file under the passphrase."""
        plain = _openssl("genpkey", "-algorithm", "SM2")
        # `pkcs8` takes the number of rounds; `genpkey` would stretch the passphrase too little.
        sealed = _openssl(
            "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", str(ROUNDS),
            phrase_option="-passout", passphrase=passphrase, given=plain,
        )  # fmt: skip
        if not create_private(file, sealed):
            raise BadSignature(reason=f"{file.name} exists already")
        return cls.unlock(file, passphrase)

    @classmethod
    def unlock(cls, file: Path, passphrase: str) -> "Sm2Key":
        """Open the key, or raise WrongPassphrase; Unavailable without openssl 3."""
        public = _openssl(
            "pkey", "-in", str(file), "-pubout", "-outform", "DER",
            phrase_option="-passin", passphrase=passphrase,
        )  # fmt: skip
        return cls(file, passphrase, public)

    def sign(self, message: bytes) -> bytes:
        """SM2 with SM3 over the identity and the message; DER (r, s)."""
        with tempfile.NamedTemporaryFile() as content:
            Path(content.name).write_bytes(message)
            return _openssl(
                "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", str(self._file),
                "-in", content.name, "-pkeyopt", f"distid:{IDENTITY}",
                phrase_option="-passin", passphrase=self._passphrase,
            )  # fmt: skip


def add_sm2_signature(
    signer: Signer, public_der: bytes, payload: bytes, *, duty: str, beside: bytes = b""
) -> bytes:
    """
    Sign the payload and give the `.sm2` file, with the signatures it had before (`beside`).

    JSON: {"signatures": [{"duty", "identity", "public_key" (PEM), "signature" (base64 DER)}]}.
    """
    signatures = json.loads(beside)["signatures"] if beside else []
    body = base64.b64encode(public_der).decode("ascii")
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    pem = ["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]
    signatures.append(
        {
            "duty": duty,
            "identity": IDENTITY,
            "public_key": "\n".join(pem),
            "signature": base64.b64encode(signer.sign(payload)).decode("ascii"),
        }
    )
    return json.dumps({"signatures": signatures}, indent=1).encode() + b"\n"


def key_sha256(public_der: bytes) -> str:
    """Name an SM2 key: lowercase hex SHA-256 of its SubjectPublicKeyInfo."""
    return hashlib.sha256(public_der).hexdigest()


def _openssl(
    *words: str, phrase_option: str = "", passphrase: str = "", given: bytes = b""
) -> bytes:
    command = shutil.which("openssl")
    if command is None:
        raise Unavailable(what="openssl")
    read, write = os.pipe()
    try:
        os.write(write, passphrase.encode() + b"\n")
        os.close(write)
        secret = [phrase_option, f"fd:{read}"] if phrase_option else []
        said = subprocess.run(
            [command, *words, *secret],
            input=given,
            capture_output=True,
            pass_fds=[read],
            timeout=_SECONDS,
            check=False,
        )
    finally:
        os.close(read)
    if said.returncode == 0:
        return said.stdout
    if b"decrypt" in said.stderr or b"password" in said.stderr:
        raise WrongPassphrase
    raise Unavailable(what=f"openssl {words[0]}: {said.stderr.decode(errors='replace')[:200]}")
