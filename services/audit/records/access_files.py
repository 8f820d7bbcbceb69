"""The files of a disclosed record: a page that stands alone, the same as JSON, proofs, and how to check them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.audit.records.access_reading import Kept
from services.audit.records.access_record import Entry, Told, totals
from services.audit.records.access_subject import Subject
from shared.telling import wording

WELSH: Mapping[str, str] = {
    "erased": "wedi'i ddileu",
    "withheld": "wedi'i ddal yn ôl",
    "unavailable": "ddim ar gael",
}
NAMES = ("name", "child_name")
"""Fields that say how the person is called."""
PASSING = ("notes", "reason", "late_reason", "summary", "evidence")
"""Fields that say what was then, not what is."""
NOTHING = ("nothing", "none")

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_templates.filters.update(words=wording.words, moment=wording.moment)


@dataclass(frozen=True, slots=True)
class Copy:
    """What is said of a copy on its first page."""

    disclosure_id: UUID
    disclosed_to: str
    made_by: str
    made_at: datetime
    restricted: bool


def files_of(copy: Copy, subject: Subject, found: Sequence[Entry], kept: Kept) -> dict[str, bytes]:
    """Every file of the copy by its path; SHA256SUMS, the last one, has the digests of the others."""
    views = [_view(row) for row in kept.views]
    proven = {f"{source}-{position}": proof for (source, position), proof in kept.proven.items()}
    details = _details(found)
    shown: dict[str, Any] = {
        "kind": subject.kind,
        "subject_id": subject.id,
        "whom": next((told.value for name, told, _ in details if name in NAMES), f"a {subject.kind}"),
        **{name: getattr(copy, name) for name in copy.__dataclass_fields__},
        "entries": found,
        "totals": totals(found),
        "unreadable": wording.UNREADABLE,
        "welsh": WELSH,
        "details": details,
        "views": views,
        "tree": kept.tree,
        "proven": proven,
    }
    files = {
        "record.html": _rendered("record.html", shown),
        "record.json": _json(shown, views),
        "README.txt": _rendered("readme.txt", shown),
    }
    if kept.tree is not None:
        files["checkpoint"] = kept.tree.note
        files["verify.py"] = _rendered("verify.py.txt", shown)
    bodies = {f"{row['source']}-{row['position']}": bytes(row["body"]) for row in kept.facts}
    for entry in found:
        if entry.name in proven:
            files[f"proofs/{entry.name}.leaf"] = proven[entry.name].leaf
            files[f"proofs/{entry.name}.tlog-proof"] = proven[entry.name].proof
        if entry.exact:
            files[f"proofs/{entry.name}.json"] = bodies[entry.name]
    sums = [f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    return {**files, "SHA256SUMS": "".join(sums).encode()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """One ZIP file; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _rendered(template: str, shown: Mapping[str, Any]) -> bytes:
    return _templates.get_template(template).render(shown).encode()


def _details(found: Sequence[Entry]) -> list[tuple[str, Told, datetime]]:
    """What each opened field was last said to be."""
    last = {
        told.name: (told.name, told, entry.recorded_at)
        for entry in found
        for told in entry.fields
        if told.state == "opened" and told.name not in PASSING and told.value not in NOTHING
    }
    return list(last.values())


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    data = orjson.loads(row["body"])["data"]
    told = ("viewer", "viewer_role", "record", "viewed_at")
    return {
        **{name: data.get(name) for name in told},
        "purpose": data.get("purpose"),
        "classes": data.get("classes", []),
        "service": row["source"],
        "position": row["position"],
    }


def _json(shown: Mapping[str, Any], views: Sequence[Any]) -> bytes:
    tree = shown["tree"]
    about = ("disclosure_id", "kind", "subject_id", "disclosed_to", "made_by", "made_at", "restricted")
    told = {
        "format": "alongside-record/v1",
        **{name: shown[name] for name in about},
        "not_readable": {name: shown["totals"][name] for name in wording.UNREADABLE},
        "tree": tree and {"size": tree.size, "root": tree.root, "witnessed_at": tree.witnessed_at},
        "facts": [
            {
                **{
                    name: getattr(entry, name) for name in ("source", "position", "id", "type", "recorded_at")
                },
                **{name: getattr(entry, name) for name in ("actor", "sha256", "said")},
                "fields": [asdict(one) for one in entry.fields],
                "proof": f"proofs/{entry.name}.tlog-proof" if entry.name in shown["proven"] else None,
            }
            for entry in shown["entries"]
        ],
        "views": views,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=str) + b"\n"
