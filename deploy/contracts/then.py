"""The schemas as they were at a revision of git."""

import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from deploy.contracts.differences import differences
from shared.contracts.schema import Schema


class NotThere(LookupError):
    """No such revision, or no such schema in it; the message says which."""


def schemas_at(root: Path, revision: str) -> dict[str, Schema]:
    """Every schema of a revision, by topic. Raises NotThere."""
    if revision.startswith("-"):
        raise NotThere(f"{revision} is no revision")
    command = ["git", "archive", "--format=tar", revision, "docs/schemas"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError as without:
        raise NotThere(f"git tells what was then, and does not start: {without}") from None
    if done.returncode:
        raise NotThere(" ".join(done.stderr.decode(errors="replace").split()))
    found: dict[str, Schema] = {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            if (name := PurePosixPath(member.name)).suffix == ".json" and (
                file := archive.extractfile(member)
            ):
                found[name.stem] = json.loads(file.read())
    return found


def schema_at(root: Path, revision: str, topic: str) -> Schema:
    """One of them. Raises NotThere."""
    found = schemas_at(root, revision)
    if topic not in found:
        raise NotThere(f"{topic} was no published fact at {revision}")
    return found[topic]


def changes(before: Mapping[str, Schema], after: Mapping[str, Schema]) -> dict[str, list[str]]:
    """What differs, by topic: facts that are new, that are gone, and those that changed."""
    found = {topic: ["is gone"] for topic in before if topic not in after}
    for topic, schema in after.items():
        if topic not in before:
            found[topic] = [f"is new: {' '.join(str(schema.get('description', '')).split())}"]
        elif differing := differences(before[topic], schema):
            found[topic] = differing
    return dict(sorted(found.items()))
