"""The keyring in PostgreSQL: wrapped keys by one function call, unwrapped here with the epoch's key."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from prometheus_client import Counter

from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.sealing.cipher import KEY_BYTES
from shared.kernel.sealing.epochs import EpochKey, EpochKeyMissing, EpochKeyUnfit, Epochs
from shared.kernel.sealing.keyring import (
    Destroyed,
    Horizon,
    KeyRef,
    KeyringUnavailable,
    NotGranted,
    SubjectErased,
)
from shared.kernel.sealing.line import Line
from shared.kernel.sealing.wrapping import NotUnwrapped, unwrap, wrap

log = structlog.get_logger(__name__)

LOST = Counter(
    "alongside_keys_lost_total", "Sealed fields asked for whose key is neither there nor destroyed", ["why"]
)

MOST = 2_000
"""Keys in one call."""
PATIENCE = 10.0
ATTEMPTS = 6
FOREIGN = "the directory of epoch keys belongs to another keyring"

Row = tuple[int, str, int | None, bytes | None]


def _by_chance(_: KeyRef) -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class PostgresKeyring:
    """As one service's role. `patience` is how long a caller waits for the database, in seconds.

    `fresh` gives a new key of 32 bytes: chance, but for a seeded development system.
    """

    def __init__(
        self,
        url: str,
        epoch_keys: Path,
        patience: float = PATIENCE,
        fresh: Callable[[KeyRef], bytes] = _by_chance,
    ) -> None:
        self._line, self._epochs, self._fresh = Line(url, patience), Epochs(epoch_keys), fresh

    async def keys(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes | Unreadable]:
        """The key of each, or why there is none; see Keyring."""
        found: dict[KeyRef, bytes | Unreadable] = {}
        wanted = list(refs)
        for _ in range(ATTEMPTS):
            again = []
            for ref, row in await self._fetch(wanted):
                try:
                    found[ref] = self._opened(ref, row)
                except EpochKeyMissing:
                    again.append(ref)  # wrapped anew between our look at the row and at the file?
            wanted = again
            if not wanted:
                break
        return {**found, **{ref: _lost(ref, "its epoch's key is missing") for ref in wanted}}

    async def make(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes]:
        """The key of each, made where there is none; see Keyring."""
        found: dict[KeyRef, bytes] = {}
        wanted = list(refs)
        for at in range(0, len(wanted), MOST):
            found.update(await self._make(wanted[at : at + MOST]))
        return found

    async def destroy(self, subject_id: UUID, classes: Collection[RetentionClass]) -> Destroyed:
        """Destroy the person's keys for good; see Keyring."""
        rows = await self._line.ask(
            "SELECT keep, became, at, epoch FROM destroy_keys(%s, %s)", (subject_id, sorted(set(classes)))
        )
        if not rows:
            raise ValueError("name at least one class of keys")
        became: dict[str, set[RetentionClass]] = {}
        for keep, what, _, _ in rows:
            became.setdefault(what, set()).add(keep)
        return Destroyed(
            subject_id,
            destroyed=frozenset(became.get("destroyed", ())),
            already=frozenset(became.get("already", ())),
            unused=frozenset(became.get("unused", ())),
            at=max(at for _, _, at, _ in rows),
            epoch=rows[0][3],
        )

    async def tombstones(self) -> Mapping[KeyRef, datetime]:
        """Every key that was destroyed or may never be made, and since when."""
        rows = await self._line.ask("SELECT subject_id, keep, destroyed_at FROM erased_parts()")
        return {KeyRef(subject_id, keep): at for subject_id, keep, at in rows}

    async def horizon(self) -> Horizon:
        """How far back erasures hold against backups, too."""
        ((epoch, at),) = await self._line.ask("SELECT epoch, at FROM erasure_horizon()")
        return Horizon(epoch, at)

    async def check(self) -> str:
        """The current epoch, whose key is here and the right one; raises KeyringUnavailable."""
        ((number, fingerprint),) = await self._line.ask("SELECT epoch, fingerprint FROM current_epoch()")
        if self._epoch(number).fingerprint != fingerprint:
            raise KeyringUnavailable(FOREIGN)
        return f"epoch {number}"

    async def close(self) -> None:
        await self._line.close()

    async def _fetch(self, refs: Sequence[KeyRef]) -> list[tuple[KeyRef, Row]]:
        found: list[tuple[KeyRef, Row]] = []
        for at in range(0, len(refs), MOST):
            part = refs[at : at + MOST]
            rows = await self._line.ask(
                "SELECT n, state, epoch, wrapped FROM open_keys(%s, %s)", _arrays(part)
            )
            found += [(part[row[0] - 1], row) for row in rows]
        return found

    async def _make(self, refs: Sequence[KeyRef]) -> dict[KeyRef, bytes]:
        epoch = self._epoch(None)
        for _ in range(ATTEMPTS):
            offered = [wrap(epoch.key, ref, self._fresh(ref)) for ref in refs]
            rows: list[Row] = await self._line.ask(
                "SELECT n, state, epoch, wrapped FROM make_keys(%s, %s, %s, %s, %s)",
                (*_arrays(refs), offered, epoch.number, epoch.fingerprint),
            )
            states = {row[1] for row in rows}
            if "withheld" in states:
                raise NotGranted(
                    f"keys for {', '.join(sorted({ref.keep for ref in refs}))} are not this role's to make"
                )
            if "erased" in states:
                raise SubjectErased([refs[row[0] - 1] for row in rows if row[1] == "erased"])
            if "foreign" in states:
                raise KeyringUnavailable(FOREIGN)
            if "stale" in states:
                epoch = self._epoch(rows[0][2])
                continue
            try:
                opened = {refs[row[0] - 1]: self._opened(refs[row[0] - 1], row) for row in rows}
            except EpochKeyMissing:
                epoch = self._epoch(None)
                continue
            found = {ref: key for ref, key in opened.items() if isinstance(key, bytes)}
            if len(found) < len(opened):
                raise KeyringUnavailable("a key is damaged; ./alongside keyring verify says which")
            return found
        raise KeyringUnavailable("the epoch's key is missing, or epochs pass too fast")

    def _epoch(self, number: int | None) -> EpochKey:
        """The key of that epoch; without a number the newest, which is nearly always the current one."""
        try:
            return self._epochs.read(self._epochs.newest() if number is None else number)
        except (EpochKeyMissing, EpochKeyUnfit) as failure:
            raise KeyringUnavailable(str(failure)) from None

    def _opened(self, ref: KeyRef, row: Row) -> bytes | Unreadable:
        """Raises EpochKeyMissing."""
        _, state, epoch, wrapped = row
        if state == "withheld":
            return Unreadable.WITHHELD
        if state == "erased":
            return Unreadable.ERASED
        if epoch is None or wrapped is None:
            return _lost(ref, "neither there nor destroyed")
        try:
            return unwrap(self._epochs.read(epoch).key, ref, wrapped)
        except (EpochKeyUnfit, NotUnwrapped) as failure:
            return _lost(ref, str(failure))


def _arrays(refs: Sequence[KeyRef]) -> tuple[list[UUID], list[str]]:
    return [ref.subject_id for ref in refs], [ref.keep for ref in refs]


def _lost(ref: KeyRef, why: str) -> Unreadable:
    """Damage is not erasure: say so loudly, and never `erased`."""
    LOST.labels(why).inc()
    log.error("key lost", subject_id=str(ref.subject_id), keep=ref.keep, why=why)
    return Unreadable.UNAVAILABLE
