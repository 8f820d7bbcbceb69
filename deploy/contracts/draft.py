"""The texts of a new fact: its contract, its example and its failing test."""

import re
import sys
from dataclasses import dataclass

from shared.contracts.fact import Contract, contracts
from shared.contracts.words import ids

NAME = re.compile(r"([A-Z][a-z0-9]+){2,}")


@dataclass(frozen=True)
class Draft:
    """What is about to be written."""

    service: str
    name: str
    aggregate: str

    @property
    def snake(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()

    @property
    def words(self) -> str:
        return self.snake.replace("_", " ")

    @property
    def topic(self) -> str:
        return f"{self.service}.{self.name}.v1"

    @property
    def module(self) -> str:
        """Where the aggregate's facts are written down; its own new module when it has none yet."""
        known = {contract.model.__module__ for contract in contracts() if self._decides(contract)}
        return min(known, default=f"shared.contracts.{self.service}.{self.aggregate}")

    def _decides(self, contract: Contract) -> bool:
        return (contract.service, contract.aggregate) == (self.service, self.aggregate)

    @property
    def day(self) -> str:
        """The field with the day on which it happened: CourseRetired has `retired_on`."""
        return f"{self.snake.rsplit('_', 1)[1]}_on"

    @property
    def id_type(self) -> str:
        """The service's own word for the aggregate's id, or everybody's, or a new one."""
        own = f"{''.join(part.title() for part in self.aggregate.split('_'))}Id"
        if hasattr(sys.modules.get(self.module), own) or hasattr(ids, own):
            return own
        return f'Annotated[UUID, Concerns("{self.aggregate}"), Field(description="the {self.aggregate}")]'


def contract_text(draft: Draft) -> str:
    return f'''

@published("{draft.topic}", aggregate="{draft.aggregate}")
class {draft.name}(Fact):
    """{draft.words.capitalize()}."""

    {draft.aggregate}_id: {draft.id_type}
    {draft.day}: Annotated[date, Field(description="the day on which it happened")]
'''


def example_text(draft: Draft) -> str:
    return f"""    {draft.name}(
        {draft.aggregate}_id=uuid5(NAMESPACE_URL, "example:{draft.aggregate}"),
        {draft.day}=date(2026, 9, 1),
    ),
"""


def test_text(draft: Draft) -> str:
    return f'''"""{draft.words.capitalize()}: when, and what follows from it."""

import pytest

from {draft.module} import {draft.name}
from tests.support.examples import example


def test_{draft.snake}() -> None:
    expected = example({draft.name})
    pytest.fail(f"say which command decides it: given(...).when(...).then({{expected!r}})")
'''
