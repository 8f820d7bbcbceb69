"""Bugs of the runner that applies facts to read models."""

from typing import Any

from shared.kernel import faults
from shared.kernel.projections import checkpoints, folds, runner
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.runner import ProjectionRunner
from tests.faults.seeded.putting import put_into

BETWEEN = "seeded.between_checkpoint_and_rows"


def skip_the_checkpoint() -> None:
    """Rows are written, but how far it came is not."""

    async def move(*_: Any) -> None:
        return None

    put_into(checkpoints, move=move)


def acknowledge_before_commit() -> None:
    """How far it came is saved first, the rows afterwards: a kill in between loses them."""

    async def apply(self: Any, batch: Any, keys: Any, write_all: Any) -> Checkpoint:
        async with self._pool.connection() as connection, connection.transaction():
            checkpoint = await checkpoints.lock(connection, self.name, self.source)
            fresh = checkpoints.unseen(batch, checkpoint)
            if not fresh:
                return checkpoint
            checkpoint = Checkpoint(fresh[-1][0], checkpoint.parked)
            await checkpoints.move(connection, self.name, self.source, checkpoint)
        facts = list(self._listening.hear_all(fresh, keys))
        if facts:
            await faults.reach(BETWEEN)
        async with self._pool.connection() as connection, connection.transaction():
            await write_all(connection, facts, set())
        return checkpoint

    put_into(ProjectionRunner, _apply=apply)


def drop_what_should_be_parked() -> None:
    """A fact that can't be applied is passed over."""
    fold = folds.fold

    def fold_and_forget(*parts: Any) -> list[Any]:
        fold(*parts)
        return []

    put_into(runner, fold=fold_and_forget)
