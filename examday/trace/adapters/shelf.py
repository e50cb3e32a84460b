"""Where one log's files lie: home/trace/<year>/."""

from pathlib import Path

from examday.settings import Settings
from examday.trace.adapters.head_store import HeadStore
from examday.trace.adapters.tile_store import TileStore


class Shelf:
    """The folder of the current log: tiles, head store, checkpoints, time-stamps."""

    def __init__(self, site: Settings) -> None:
        """Open the folder of the site's current log, named by the end of its origin."""
        self.folder: Path = site.home / "trace" / site.origin.rpartition("/")[2]
        self.heads = HeadStore(self.folder / "head.db")
        self.tiles = TileStore(self.folder)

    @property
    def lock(self) -> Path:
        """Give the file that a publishing process locks."""
        return self.folder / "publish.lock"

    @property
    def checkpoint(self) -> Path:
        """Give the newest published checkpoint."""
        return self.folder / "checkpoint"

    def checkpoint_of(self, size: int) -> Path:
        """Give the published checkpoint of this size."""
        return self.folder / "checkpoints" / str(size)

    def stamps(self) -> list[Path]:
        """List the RFC 3161 responses that are there."""
        return list((self.folder / "tsr").glob("*.tsr"))

    def stamp_of(self, size: int) -> Path:
        """Give the RFC 3161 response for the head of this size."""
        return self.folder / "tsr" / f"{size}.tsr"
