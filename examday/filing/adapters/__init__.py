"""What lies outside: the archive's ZIP file and the object store of its second copy."""

from examday.filing.adapters.object_store import ObjectStore
from examday.filing.adapters.zips import zip_folder

__all__ = ["ObjectStore", "zip_folder"]
