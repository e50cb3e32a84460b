"""
verify.html: the checks of this package in one page that any browser opens from a disk.

Put together from the files in page/ when a bundle is packed: scripts in the order of their
numbers, the Chinese sentences from messages.zh.json. The page forbids itself every connection
(Content-Security-Policy in its head), so what it is shown cannot leave the computer.
"""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from .messages import CHINESE, catalogue

_SOURCES = Path(__file__).resolve().parent / "page"


def page_html() -> bytes:
    """Give the page as one self-contained file."""
    parts = _parts()
    html = (_SOURCES / "page.html").read_text("utf-8")
    for name, content in {"POLICY": content_policy(), **parts}.items():
        html = html.replace(f"@{name}@", content)
    return html.encode()


def content_policy() -> str:
    """Give the Content-Security-Policy: this script, this style, no connection to anywhere."""
    parts = _parts()
    script, style = (_source_hash(parts[name]) for name in ("SCRIPT", "STYLE"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style};"
        " base-uri 'none'; form-action 'none'"
    )


def _parts() -> dict[str, str]:
    scripts = [path.read_text("utf-8") for path in sorted(_SOURCES.glob("[0-9]-*.js"))]
    # "<" would let a sentence end the element that holds it.
    messages = json.dumps(catalogue(CHINESE), ensure_ascii=False).replace("<", "\\u003c")
    return {
        "STYLE": (_SOURCES / "page.css").read_text("utf-8"),
        "MESSAGES": messages,
        "SCRIPT": '"use strict";\n' + "\n".join(scripts),
    }


def _source_hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
