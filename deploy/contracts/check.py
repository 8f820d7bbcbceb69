"""The check of every published fact: nothing promised is broken, nothing generated has drifted.

python -m deploy.contracts.check             what CI runs
python -m deploy.contracts.check --write     generates what may change: new facts, drafts, added fields
python -m deploy.contracts.check --release   turns drafts into promises (with a release of the project)
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

import shared.contracts.all  # noqa: F401  (registers every fact)
from deploy.contracts import consumers
from deploy.contracts.compatibility import breaks
from deploy.contracts.consumers import Consumers, Unanswered, ask, broken
from deploy.contracts.generate import Example, pages, release, write
from deploy.contracts.releases import DRAFT, RELEASED, House, Manifest, Promise, digest, golden_data
from deploy.running import DEFAULT_DATA
from shared.contracts.fact import Contract, contracts, parse
from shared.contracts.schema import schema_of, without_meaning
from shared.kernel.envelope import read
from shared.kernel.integrators import Integrator, Integrators
from shared.kernel.sealing.cipher import SealBroken

ROOT = Path(__file__).resolve().parents[2]
WRITE = "python -m deploy.contracts.check --write"


def problems(
    house: House,
    known: Sequence[Contract],
    example: Example | None,
    read_by: Consumers | None = None,
    registered: Sequence[Integrator] = (),
) -> list[str]:
    """Everything that is wrong, each with what to do about it; empty when all is well.

    `read_by` is who reads each fact by now; who read it last when nobody could be asked. `registered` are named,
    too, where a change would break what they were granted.
    """
    manifest, before = Manifest.load(house), consumers.committed(house.consumers)

    def whom(topic: str) -> str:
        granted = [one.name for one in registered if topic in one.facts]
        return broken({*before.get(topic, ()), *(read_by or {}).get(topic, ())}, granted)

    found = [
        problem
        for contract in known
        for problem in _of_fact(house, manifest, contract, example, whom(contract.topic))
    ]
    topics = {contract.topic for contract in known}
    for topic, promise in manifest.promises.items():
        if topic not in topics and promise.state == RELEASED:
            found.append(
                f"{topic} is released and was removed. {whom(topic)}"
                "Bring it back: old facts must stay readable"
            )
        elif topic not in topics:
            found.append(f"{topic} is a draft without a contract. Run {WRITE} to forget it")
    for folder in (house.schemas, house.goldens):
        for path in sorted(folder.glob("*.json")):
            if path.stem not in manifest.promises:
                found.append(f"{path.relative_to(house.root)} belongs to no published fact. Delete it")
    if not found:
        for path, text in pages(house, known, read_by).items():
            if not path.exists() or path.read_text() != text:
                found.append(f"docs/{path.name} differs from the contracts and their readers. Run {WRITE}")
    return found


def _of_fact(
    house: House, manifest: Manifest, contract: Contract, example: Example | None, whom: str
) -> Iterator[str]:
    topic = contract.topic
    for name in without_meaning(contract):
        mend = "a docstring" if name == "fact" else f"Field(description=...) on {name}"
        yield f"{topic} doesn't say what it means. Give it {mend}"
    if example is not None:
        try:
            example(contract.model)
        except LookupError as missing:
            yield f"{topic}: {missing}"
    promise = manifest.promises.get(topic)
    if promise is None:
        yield f"{topic} is new. Run {WRITE}, and commit its schema and golden file"
        return
    yield from _schema_problems(house, promise, contract, whom)
    yield from _golden_problems(house, promise, contract)


def _schema_problems(house: House, promise: Promise, contract: Contract, whom: str) -> Iterator[str]:
    topic, path = contract.topic, house.schema(contract.topic)
    if not path.exists() or digest(path.read_bytes()) != promise.schema:
        yield f"docs/schemas/{topic}.json was edited or removed. Bring it back: it is what was promised"
        return
    committed, now = json.loads(path.read_text()), schema_of(contract)
    if promise.state == RELEASED and (harm := breaks(committed, now)):
        yield (
            f"{topic} is released, and {'; '.join(harm)}. {whom}Leave {topic} as it was and publish "
            f"{contract.service}.{contract.name}.v{contract.version + 1}, "
            f"with a pure function @upcasts({topic!r}) beside it"
        )
    elif committed != now:
        yield f"{topic} changed in a way that is allowed. Run {WRITE}"


def _golden_problems(house: House, promise: Promise, contract: Contract) -> Iterator[str]:
    topic, path = contract.topic, house.golden(contract.topic)
    if not path.exists() or digest(path.read_bytes()) != promise.golden:
        yield f"tests/contracts/golden/{topic}.json was edited or removed. Bring it back: it is history"
        return
    envelope = read(path.read_bytes())
    if envelope.type != topic:
        yield f"tests/contracts/golden/{topic}.json holds {envelope.type}"
        return
    try:
        parse(contract, golden_data(path.read_bytes(), contract))
    except (SealBroken, KeyError):
        yield f"{topic}: the golden file can't be opened with the published keys. Bring it back: it is history"
    except ValidationError as unreadable:
        mend = (
            f"Run {WRITE}"
            if promise.state == DRAFT
            else "Make the contract read it again, or publish a new version"
        )
        yield f"{topic}: the golden file can't be read any more ({unreadable.error_count()} errors). {mend}"


def main(
    write_: Annotated[bool, typer.Option("--write", help="Generate what may change.")] = False,
    release_: Annotated[bool, typer.Option("--release", help="Turn drafts into promises.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check every published fact against what was promised."""
    house, known = House(ROOT), contracts()
    example, unread = _examples()
    (read_by, unanswered), registered = _readers(known), Integrators(_integrators()).all()
    done = write(house, known, example, read_by) if write_ and example else []
    if release_ and example and not problems(house, known, example, read_by):
        done += [f"released {topic}" for topic in release(house)]
        write(house, known, example, read_by)
    found = [*problems(house, known, example, read_by, registered), *unread, *unanswered]
    if as_json:
        typer.echo(
            json.dumps({"ok": not found, "facts": len(known), "done": done, "problems": found}, indent=1)
        )
    else:
        for line in (*done, *found):
            typer.echo(line)
        typer.echo(f"{len(known)} facts, {len(found)} problems")
    raise typer.Exit(1 if found else 0)


def _examples() -> tuple[Example | None, list[str]]:
    """One of every fact; when they can't be read, why: a fact that changed may not fit its own any more."""
    # Examples live with the tests; only this tool, never a service, needs them.
    sys.path.insert(0, str(ROOT))
    try:
        from tests.support.examples import example, examples

        examples()
    except Exception as why:  # whatever a module raises as it is imported
        said = " ".join(str(why).split())
        return None, [f"tests/support/examples*.py can't be read: {type(why).__name__}: {said}"]
    return example, []


def _integrators() -> Path:
    """Who is registered with the house on this machine; there need not be one."""
    return Path(os.environ.get("ALONGSIDE_INTEGRATORS") or DEFAULT_DATA / "integrators.json")


def _readers(known: Sequence[Contract]) -> tuple[Consumers | None, list[str]]:
    """Who reads each fact; when the services can't say it, why."""
    try:
        listed = ask(ROOT)
    except Unanswered as why:
        return None, [f"the services can't say who reads what: {why}"]
    return None if listed is None else consumers.consumers(known, listed), []


if __name__ == "__main__":
    typer.run(main)
