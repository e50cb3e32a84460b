"""
Check an archive bundle with nothing but Python (3.11 or newer) and its `cryptography` package.

    python verify.py BUNDLE --policy POLICY

Lies as verify.py in data/verifier/ of every bundle, beside a copy of the verifier package. To be sure of the
program itself, take it from a place you trust rather than from the bundle it is to judge.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.dont_write_bytecode = True  # a check must not add files to the evidence
    runpy.run_module("verifier", run_name="__main__")
