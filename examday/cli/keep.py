"""`examday backup FILE` and `examday restore FILE --home DIR`."""

import argparse
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare both commands."""
    backup = commands.add_parser("backup", help=_("save the site into one file"))
    add_home(backup)
    backup.add_argument("file", type=Path)
    backup.add_argument("--passphrase-file", type=Path, help=_("encrypt the file with this"))
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help=_("bring a saved site back"))
    restore.add_argument("file", type=Path)
    restore.add_argument("--home", type=Path, required=True, help=_("an empty or new folder"))
    restore.add_argument("--passphrase-file", type=Path)
    restore.add_argument(
        "--verify", action="store_true", help=_("a drill: verify every archive that came back")
    )
    restore.add_argument(
        "--policy", type=Path, help=_("the trust policy, when the file is an archive bundle (ZIP)")
    )
    restore.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    """Save while the server may go on."""
    from examday import backup
    from examday.settings import load_settings

    settings = load_settings(arguments.home)
    saved = backup.save(settings, arguments.file, passphrase=_passphrase(arguments))
    print(
        _("Saved %(files)s files, SHA-256 %(digest)s")
        % {"files": saved.files, "digest": saved.sha256}
    )
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Unpack, check every digest, and only then let the site be used."""
    from examday import backup

    if arguments.policy:
        return _unpack_bundle(arguments)
    restored = backup.restore(arguments.file, arguments.home, passphrase=_passphrase(arguments))
    print(
        _("Restored %(files)s files into %(home)s; every digest agrees.")
        % {"files": restored.files, "home": arguments.home}
    )
    return _verify_archives(arguments.home) if arguments.verify else 0


def _unpack_bundle(arguments: argparse.Namespace) -> int:
    """Bring one bundle back into a clean folder; 1 when it is not what the trace says."""
    from examday.backup.bundles import unpack_bundle

    policy = arguments.policy.read_text("utf-8")
    report = unpack_bundle(arguments.file, arguments.home, policy)
    said = _("valid") if report.valid else _("NOT valid")
    print(f"{arguments.file.name}: {said} ({len(report.findings)})")
    for found in report.findings[:20]:
        print(f"  {found.code} {found.where}: {found.text}")
    return 0 if report.valid else 1


def _verify_archives(home: Path) -> int:
    """Verify each restored bundle by the policy that came back beside it; 1 when one fails."""
    from examday.verifier.verification import verify

    policy, failed = (home / "policy.txt").read_text("utf-8"), 0
    for path in sorted((home / "archive").glob("*.zip")):
        report = verify(path, policy)
        failed += not report.valid
        said = _("valid") if report.valid else _("NOT valid")
        print(f"{path.name}: {said} ({len(report.findings)})")
    return 1 if failed else 0


def _passphrase(arguments: argparse.Namespace) -> str | None:
    path: Path | None = arguments.passphrase_file
    return path.read_text("utf-8").strip() if path else None
