"""
Everything a site may set: frozen, typed, read once, loud. See config/default.toml for meanings.
"""

import os
import secrets
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask

from examday import clock
from examday.errors import BadInput
from examday.i18n import N_


class BadSetting(BadInput):
    """A setting is missing, unknown or of the wrong kind."""

    code = "bad_setting"
    message = N_("Setting %(name)s in %(file)s is wrong: %(reason)s")


@dataclass(frozen=True, slots=True)
class Witness:
    """A party outside the site that co-signs checkpoints (C2SP tlog-witness)."""

    name: str
    vkey: str
    url: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a site may set; paths are absolute, durations carry their unit."""

    home: Path
    config: Path
    site_name: str
    site_code: str
    province: str
    policy_name: str
    hotline: str
    address: str
    year: int
    database_url: str
    host: str
    port: int
    idle_minutes: int
    absolute_hours: int
    upload_megabytes: int
    secure_cookie: bool
    publish_seconds: int
    tsa_urls: tuple[str, ...]
    stamp_minutes: int
    witnesses: tuple[Witness, ...]
    quorum: int
    archive_store: str
    archive_endpoint: str
    pkcs11_module: str
    sm2: bool
    password_profile: str
    argon2_memory_kib: int
    argon2_passes: int

    @property
    def origin(self) -> str:
        """Name the trace log (C2SP checkpoint origin): one log per site and year."""
        return f"examday/{self.province}/{self.site_code}/{self.year}"

    @property
    def keys(self) -> Path:
        """Folder of secrets, readable by the server's user alone."""
        return self.home / "keys"

    def secret(self, name: str, *, size: int = 32) -> bytes:
        """
        Read a secret from <NAME>_FILE or home/keys/<name>.key, making it at the first start.

        The value is random bytes kept as hex; it never comes from a setting or a default.
        """
        given = os.environ.get(f"EXAMDAY_{name.upper()}_FILE")
        path = Path(given) if given else self.keys / f"{name}.key"
        if not path.exists():
            self.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
            _create_private(path, secrets.token_bytes(size).hex())
        return bytes.fromhex(path.read_text("ascii").strip())


def config_folder() -> Path:
    """Find config/: beside the packages in a checkout, under share/ once installed."""
    given = os.environ.get("EXAMDAY_CONFIG")
    beside = Path(__file__).resolve().parents[1] / "config"
    if given:
        return Path(given).resolve()
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "examday" / "config"


def load_settings(home: Path, config: Path | None = None) -> Settings:
    """Read config/default.toml and then home/site.toml over it; unknown keys are refused."""
    config = config or config_folder()
    home = home.resolve()
    values = _read(config / "default.toml")
    own = home / "site.toml"
    if own.exists():
        _overlay(values, _read(own), file=own)
    site, web, trace = values["site"], values["web"], values["trace"]
    try:
        return Settings(
            home=home,
            config=config,
            site_name=_text(site, "name", own),
            site_code=_text(site, "code", own),
            province=_text(site, "province", own),
            policy_name=_text(site, "policy", own),
            hotline=_text(site, "hotline", own),
            address=site["address"],
            year=site["year"] or _first_year(home),
            database_url=values["database"]["url"] or f"sqlite:///{home / 'examday.db'}",
            host=web["host"],
            port=web["port"],
            idle_minutes=web["idle_minutes"],
            absolute_hours=web["absolute_hours"],
            upload_megabytes=web["upload_megabytes"],
            secure_cookie=web["secure_cookie"],
            publish_seconds=trace["publish_seconds"],
            tsa_urls=tuple(trace["tsa_urls"]),
            stamp_minutes=trace["stamp_minutes"],
            witnesses=tuple(Witness(**witness) for witness in trace["witnesses"]),
            quorum=trace["quorum"],
            archive_store=values["archive"]["store"].rstrip("/"),
            archive_endpoint=values["archive"]["endpoint"],
            pkcs11_module=values["signing"]["pkcs11_module"],
            sm2=values["signing"]["sm2"],
            password_profile=values["passwords"]["profile"],
            argon2_memory_kib=values["passwords"]["argon2_memory_kib"],
            argon2_passes=values["passwords"]["argon2_passes"],
        )
    except TypeError as error:
        raise BadSetting(name="witnesses", file=own, reason=error) from error


def current() -> Settings:
    """Give the settings of the running app."""
    settings: Settings = flask.current_app.extensions["examday_settings"]
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(name="*", file=path, reason=error) from error


def _overlay(values: dict[str, Any], own: dict[str, Any], *, file: Path) -> None:
    for section, pairs in own.items():
        if section not in values or not isinstance(pairs, dict):
            raise BadSetting(name=section, file=file, reason="unknown section")
        for key, value in pairs.items():
            if key not in values[section]:
                raise BadSetting(name=f"{section}.{key}", file=file, reason="unknown key")
            wanted = type(values[section][key])
            if type(value) is not wanted:
                raise BadSetting(name=f"{section}.{key}", file=file, reason=wanted.__name__)
            values[section][key] = value


def _text(section: dict[str, Any], key: str, file: Path) -> str:
    value: str = section[key]
    if not value.strip():
        raise BadSetting(name=key, file=file, reason="empty")
    return value


def _first_year(home: Path) -> int:
    # The log of a year keeps its name after New Year until the site opens a new one.
    marker = home / "trace" / "year"
    if not marker.exists():
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(str(clock.today().year), "ascii")
    return int(marker.read_text("ascii"))


def _create_private(path: Path, text: str) -> None:
    # O_EXCL: two processes starting at once must not make two keys.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
