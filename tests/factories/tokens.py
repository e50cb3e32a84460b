"""A real PKCS#11 token in software: soft_token(folder) -> SoftToken, or a visible skip."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from examday.signing import TokenPlace

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN, OFFICER_PIN = "24681357", "13572468"


@dataclass(frozen=True)
class SoftToken:
    """SoftHSM with one token and one key pair on it."""

    module: str
    place: TokenPlace
    pin: str = PIN


def soft_token(folder: Path, monkeypatch, *, curve: str = "secp256r1") -> SoftToken:
    """Initialise a token and make a key pair on it; nothing of it outlives the folder."""
    module = next((one for one in MODULES if Path(one).exists()), "")
    if not module:
        if os.environ.get("EXAMDAY_NEED_TOKEN"):
            pytest.fail("SoftHSM is missing: apt-get install softhsm2")
        pytest.skip("no SoftHSM here: apt-get install softhsm2")
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "UKey-Li", "--pin", PIN,
         "--so-pin", OFFICER_PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    library = pkcs11.lib(module)
    library.reinitialize()
    with library.get_token(token_label="UKey-Li").open(rw=True, user_pin=PIN) as session:
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC,
            {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)},
            local=True,
        )
        parameters.generate_keypair(store=True, label="signing")
    return SoftToken(module, TokenPlace("UKey-Li", "signing"))
