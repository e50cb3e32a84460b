"""Bring an archive bundle back from its ZIP: unpacked beside the folder, verified, then let in."""

import shutil
import zipfile
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_
from examday.verifier.report import Report
from examday.verifier.verification import verify


class DamagedBundle(BadInput):
    """The file is no ZIP, or names files outside its own folder."""

    code = "damaged_bundle"
    message = N_("This archive cannot be unpacked: %(what)s. Nothing was changed.")


def unpack_bundle(source: Path, folder: Path, policy: str) -> Report:
    """
    Unpack a bundle into a clean folder and verify what came out by the policy given.

    The folder appears only when the verifier finds nothing. Raises NotEmpty, DamagedBundle.
    """
    from examday.backup import NotEmpty

    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(home=folder)
    part = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _extract(source, part)
        # A bundle's ZIP holds one folder; verified is what lies on this disk, not the ZIP.
        tops = list(part.iterdir())
        root = tops[0] if len(tops) == 1 and tops[0].is_dir() else part
        report = verify(root, policy)
        if report.valid:
            if folder.exists():
                folder.rmdir()
            root.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return report


def _extract(source: Path, part: Path) -> None:
    try:
        with zipfile.ZipFile(source) as packed:
            for name in packed.namelist():
                if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                    raise DamagedBundle(what=name)
            part.mkdir(parents=True, mode=0o700)
            packed.extractall(part)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise DamagedBundle(what=error) from error
