"""
The QR reader of the browser camera: others' code, fetched at set-up, served by ourselves.

    npm ci --prefix kiosk/screen --ignore-scripts --no-audit --no-fund
    python -m kiosk.assets

Without it the page offers no browser camera; the agent's own camera and scanner need none.
"""

import shutil
import sys
from pathlib import Path

_HERE = Path(__file__).parent / "screen"
VENDOR = _HERE / "static" / "vendor"
ASSETS = {
    "zxing_reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}


def are_there() -> bool:
    """Say whether the reader was fetched."""
    return all((VENDOR / name).is_file() for name in ASSETS)


def main() -> int:
    """Copy what npm brought; status 1 when something is missing."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in ASSETS.items():
        if (_HERE / "node_modules" / source).is_file():
            shutil.copyfile(_HERE / "node_modules" / source, VENDOR / name)
    return 0 if are_there() else 1


if __name__ == "__main__":
    sys.exit(main())
