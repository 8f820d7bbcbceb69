"""Followers end when they are told to, even if a library swallows the first time of telling."""

import asyncio
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import MetaData

from shared.contracts.assignments.mentor import MentorEngaged
from shared.kernel.projection import Projection
from shared.kernel.projections.followers import Followers
from shared.kernel.service import Service
from shared.kernel.settings import Settings


class Deaf(Followers):
    """Its listeners hear a cancellation only when it is said twice."""

    async def _keep(self, *_: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    async def _look(self, *_: Any) -> None:
        await asyncio.Event().wait()


async def test_followers_end_also_when_a_cancellation_is_swallowed() -> None:
    listening = Projection("mentors", (MentorEngaged,), (), lambda recorded: ())
    service = Service("assignments", (), MetaData(), None, projections=(listening,))
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    settings = Settings(database_url=SecretStr(url), region="t-ending", profile="dev")
    following = asyncio.create_task(Deaf(service, settings, cast(Any, None), cast(Any, None))._follow())
    await asyncio.sleep(0)  # begun
    following.cancel()
    done, _ = await asyncio.wait({following}, timeout=5)
    assert done == {following}
