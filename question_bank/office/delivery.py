"""Delivery: writing a run's papers, keys and certificate into a folder, plain or sealed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from question_bank import seal
from question_bank.assembly import AssemblyRun
from question_bank.items.pictures import ENDINGS, Picture
from question_bank.papers.paper import payload


def write_plain(
    run: AssemblyRun, folder: Path, pictures: Mapping[str, Picture] | None = None
) -> list[Path]:
    """Write papers, keys and certificate as canonical JSON, pictures beside; give the files."""
    contents = {"certificate.json": run.certificate}
    for paper in run.papers:
        contents[f"paper-{paper.form}.json"] = paper.content
        contents[f"key-{paper.form}.json"] = paper.key.content
    for digest, picture in (pictures or {}).items():
        contents[f"picture-{digest}{ENDINGS[picture.media_type]}"] = picture.content
    return _write(contents, folder)


def write_sealed(
    run: AssemblyRun,
    folder: Path,
    *,
    batch: str,
    custodians: Mapping[str, bytes],
    threshold: int,
    not_before: datetime,
    pictures: Mapping[str, Picture],
) -> list[Path]:
    """
    Write every paper with its key sealed, and the public certificate; no plaintext at all.

    `pictures` are those the items show, by digest; they are sealed with them. The full
    certificate is sealed as well: with the bank it yields the papers.
    """
    secrets = {f"paper-{one.form}": (one.form, payload(one, pictures)) for one in run.papers}
    secrets["certificate"] = ("", run.certificate)
    contents = {"certificate-public.json": run.public}
    for name, (form, secret) in secrets.items():
        contents[f"{name}.sealed"] = seal.seal(
            secret,
            header={"form": form, "batch": batch, "content": name},
            custodians=custodians,
            threshold=threshold,
            not_before=not_before,
        )
    return _write(contents, folder)


def _write(contents: Mapping[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in sorted(contents)]
