"""One valid example of every published fact; each service adds its own in `examples_<service>.py`."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import shared.contracts.all  # noqa: F401  (registers every contract)
from shared.contracts.fact import Contract, Fact, contracts

F = TypeVar("F", bound=Fact)


def house_contracts() -> tuple[Contract, ...]:
    """The contracts of the house, without those that tests publish to try the kernel on."""
    return tuple(found for found in contracts() if found.model.__module__.startswith("shared.contracts."))


@cache
def examples() -> dict[type[Fact], Fact]:
    """Every example by its class. ValueError when a fact has two."""
    found: dict[type[Fact], Fact] = {}
    for path in sorted(Path(__file__).parent.glob("examples_*.py")):
        module = import_module(f"tests.support.{path.stem}")
        for fact in module.EXAMPLES:
            if type(fact) in found:
                raise ValueError(f"{type(fact).__name__} has two examples; keep one")
            found[type(fact)] = fact
    return found


def example(of: type[F]) -> F:
    """The example of this fact. LookupError when nobody has written one."""
    try:
        fact = examples()[of]
    except KeyError:
        raise LookupError(
            f"{of.__name__} has no example; add one to tests/support/examples_<service>.py"
        ) from None
    assert isinstance(fact, of)
    return fact
