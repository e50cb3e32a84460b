"""
The object store of the archive's second copy: any S3-compatible one, through fsspec.

An option (`pip install examday[object-store]`); who gives no address needs none of it. Keys of
the store are the store's business: the library reads them from AWS_* or ~/.aws.
"""

import hashlib
from pathlib import Path
from typing import Any

from examday.errors import Unavailable

_BLOCK = 1 << 20


class ObjectStore:
    """One folder of a store, named by its address: s3://bucket/folder."""

    def __init__(self, address: str, *, endpoint: str = "") -> None:
        """Open it; raises Unavailable where the library is not installed."""
        try:
            import fsspec
        except ImportError as error:
            raise Unavailable(what="examday[object-store]") from error
        # Without the cache: another process may have written what is looked at.
        options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
        if address.startswith("s3:"):
            # s3fs tries five times by itself; the job comes again after that.
            options["config_kwargs"] = {"connect_timeout": 10, "retries": {"max_attempts": 1}}
        if endpoint:
            options["endpoint_url"] = endpoint
        try:
            self._files, self._folder = fsspec.core.url_to_fs(address, **options)
        except (ImportError, ValueError) as error:
            raise Unavailable(what=address) from error
        self.address = address

    def place_of(self, name: str) -> str:
        """Give the address of an object."""
        return f"{self.address}/{name}"

    def put(self, source: Path, name: str) -> str:
        """Copy a file into the store, read it back and give the SHA-256 of what lies there."""
        try:
            self._files.makedirs(self._folder, exist_ok=True)
            self._files.put_file(str(source), f"{self._folder}/{name}")
        except _failures() as error:
            raise Unavailable(what=self.place_of(name)) from error
        return self.digest(name)

    def digest(self, name: str) -> str:
        """Give the SHA-256 of an object, "" when it is gone."""
        found = hashlib.sha256()
        try:
            with self._files.open(f"{self._folder}/{name}", "rb", block_size=8 * _BLOCK) as file:
                while block := file.read(_BLOCK):
                    found.update(block)
        except FileNotFoundError:
            return ""
        except _failures() as error:
            raise Unavailable(what=self.place_of(name)) from error
        return found.hexdigest()

    def remove(self, name: str) -> None:
        """Delete an object; one that is gone is no failure."""
        try:
            self._files.rm_file(f"{self._folder}/{name}")
        except FileNotFoundError:
            return
        except _failures() as error:
            raise Unavailable(what=self.place_of(name)) from error


def _failures() -> tuple[type[Exception], ...]:
    """What a store raises: s3fs makes OSError of its refusals, a dead line stays botocore's own."""
    try:
        from botocore.exceptions import BotoCoreError
    except ImportError:  # a store of another kind
        return (OSError,)
    return (OSError, BotoCoreError)
