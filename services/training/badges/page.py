"""The page on which anybody verifies a credential: plain HTML, no script, nothing of the holder."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from html import escape

from services.training.agency import agency
from services.training.badges.verifying import Verdict

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f }
textarea { width: 100%; min-height: 9rem; font: .85rem/1.4 ui-monospace, monospace; box-sizing: border-box }
button { font: inherit; padding: .5rem 1.25rem; margin-top: .5rem }
.verdict { border-left: .4rem solid #a4262c; padding: .5rem 1rem; background: #f6f6f6 }
.valid { border-color: #0b6a0b }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
"""
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_CHECKED = {
    "signature": "The signature was checked, and so was our record of it today.",
    "record": "Our record of it was looked up today. Only the credential itself shows that it was not changed.",
    "nothing": "",
}


def page(verdict: Verdict | None) -> str:
    """The form, and above it what was found."""
    name = escape(agency().agency_name)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>Verify a credential: {name}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Verify a credential</h1>{_found(verdict) if verdict else ''}"
        f"<p>Paste a credential that a learning mentor showed you. We say whether {name} issued it and whether "
        "it counts today. We do not keep it.</p>"
        '<form method="post"><label for="credential">The credential, or its address</label>'
        '<textarea id="credential" name="credential" required spellcheck="false" autocomplete="off"></textarea>'
        '<button type="submit">Verify</button></form></main></body></html>'
    )


def _found(verdict: Verdict) -> str:
    kind = "verdict valid" if verdict.state == "valid" else "verdict"
    rows = [("What for", verdict.name), ("Counts from", _day(verdict.valid_from))]
    rows.append(("Counts until", _day(verdict.valid_until) or ("no end" if verdict.name else None)))
    told = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in rows if value)
    checked = _CHECKED[verdict.checked]
    return (
        f'<div class="{kind}" role="status"><p><strong>{escape(verdict.says)}</strong></p>'
        f"{f'<dl>{told}</dl>' if told else ''}<p>{checked}</p></div>"
    )


def _day(moment: str | None) -> str | None:
    if moment is None:
        return None
    found = datetime.fromisoformat(moment)
    return f"{found.day} {found:%B %Y}"
