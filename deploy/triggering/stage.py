"""Where a fact is made to happen: what was done there, what it named, and what was made there already."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from deploy.demo.answers import Answer
from deploy.demo.calling import House
from deploy.demo.claims import DidNotHold

DAY = timedelta(days=1)
NAMES = {"coordinator": "ruth", "manager": "mina", "trainer": "tom", "compliance": "colm"}

T = TypeVar("T")
Body = dict[str, Any]


class Stage:
    """One for each fact. `ids` are those that the answers named: the fact will name one of them."""

    def __init__(self, house: House, now: datetime) -> None:
        self.house, self.now = house, now
        self.ids: set[str] = set()
        self._made: dict[str, Any] = {}
        self._places: dict[str, int] = {}

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, number: int) -> str:
        """So many days from today."""
        return (self.today + number * DAY).isoformat()

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """What was made under this key, made now if it was not."""
        if key not in self._made:
            self._made[key] = await make()
        found: T = self._made[key]
        return found

    async def do(self, path: str, body: Any = None, *, role: str = "coordinator", name: str = "") -> Body:
        """Give a command, which knows of all that was done here before. Raises DidNotHold when it is refused."""
        caller = self.house.somebody(role, name or NAMES.get(role, f"a-{role}"))
        return self.note(await caller.do(path, {} if body is None else body, *self.after))

    async def put(self, path: str, body: Any, *, role: str = "manager") -> Body:
        """Say how something is to be from now on; what is there already has to be known first."""
        return self.note(await self.house.somebody(role, NAMES[role]).put(path, body))

    async def remove(self, path: str, *, role: str = "manager") -> None:
        """Say that something is to be no more. Raises DidNotHold when it is refused."""
        token = f"Bearer dev:{role}:{self.house.region}:{NAMES[role]}"
        headers = {"Authorization": token, "Idempotency-Key": str(uuid4())}
        answer = await self.house.client.delete(self.house.url(path), headers=headers)
        if answer.is_error:
            raise DidNotHold(f"DELETE /{path}: {answer.status_code} {answer.text}")

    def note(self, answer: Answer) -> Body:
        """Remember where it was recorded, and the ids in it."""
        body: Body = answer.body
        if "position" in body:
            self._places[answer.service] = max(body["position"], self._places.get(answer.service, 0))
        self.ids |= {str(value) for name, value in body.items() if name == "id" or name.endswith("_id")}
        return body

    async def catch_up(self, *services: str) -> None:
        """What comes next knows of everything that these have recorded."""
        for service in services:
            self._places[service] = await self.house.head(service)

    @property
    def after(self) -> list[str]:
        return [f"{service}:{position}" for service, position in self._places.items()]

    def person(self) -> dict[str, str]:
        """Somebody whom nobody knows yet."""
        unique = secrets.token_hex(4)
        return {"name": f"Kit {unique.title()}", "email": f"kit.{unique}@example.org"}
