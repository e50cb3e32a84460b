"""Pictures in the store, under their digests."""

from collections.abc import Iterable

from question_bank.errors import BadStore
from question_bank.i18n import gettext as _
from question_bank.items import Item
from question_bank.items.pictures import Picture
from question_bank.store.database import Database


class PictureTable(Database):
    """The pictures that items show."""

    def put_pictures(self, pictures: Iterable[Picture]) -> None:
        """Keep pictures under their digests."""
        with self._write():
            self._db.executemany(
                "INSERT OR IGNORE INTO pictures VALUES (?, ?)",
                [(one.digest, one.content) for one in pictures],
            )

    def picture(self, digest: str) -> Picture | None:
        """Give a kept picture; raises BadStore if its bytes are no longer those it was kept with."""
        query = "SELECT content FROM pictures WHERE digest = ?"
        row = self._db.execute(query, (digest,)).fetchone()
        if row is None:
            return None
        picture = Picture(row[0])
        if picture.digest != digest:
            raise BadStore(file=self.path.name, why=_("picture %s was altered") % digest[:12])
        return picture

    def pictures_of(self, items: Iterable[Item]) -> dict[str, Picture]:
        """Give the pictures that items show, by digest; raises BadStore if one is missing."""
        found: dict[str, Picture] = {}
        for digest in (digest for item in items for digest in item.pictures):
            picture = self.picture(digest)
            if picture is None:
                raise BadStore(file=self.path.name, why=_("picture %s is missing") % digest[:12])
            found[digest] = picture
        return found
