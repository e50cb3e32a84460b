"""
Browser libraries of others, fetched at set-up and served by ourselves.

    npm ci --prefix examday/web --ignore-scripts --no-audit --no-fund
    python -m examday.web.assets

The lock file pins each by integrity hash. The closed network of a site is never asked for
anything, and the pages work without these files: htmx only spares some reloads, and tus
only lets an upload go on where it was cut off.
"""

import functools
import shutil
import sys
from pathlib import Path

_HERE = Path(__file__).parent
VENDOR = _HERE / "static" / "vendor"
# What is served, and where its package keeps it.
ASSETS = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tus.min.js": "tus-js-client/dist/tus.min.js",
}


def copy_assets(modules: Path, vendor: Path = VENDOR) -> tuple[str, ...]:
    """Copy each asset from node_modules into the static folder; give the names copied."""
    vendor.mkdir(parents=True, exist_ok=True)
    copied = []
    for name, source in ASSETS.items():
        if (modules / source).is_file():
            shutil.copyfile(modules / source, vendor / name)
            copied.append(name)
    return tuple(copied)


@functools.cache
def is_there(name: str) -> bool:
    """Say whether an asset was copied at set-up (asked once per start)."""
    return (VENDOR / name).is_file()


def main() -> int:
    """Copy what npm brought; status 1 when something is missing."""
    copied = copy_assets(_HERE / "node_modules")
    missing = sorted(set(ASSETS) - set(copied))
    sys.stdout.write(f"browser assets: {len(copied)} copied, missing: {missing or 'none'}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
