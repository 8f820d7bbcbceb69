"""Whether a checkpoint is cosigned: the checks of tlog-witness, in its order, one request of a log at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import Witness, cosign
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.merkle import EMPTY_ROOT, ProofError, verify_consistency
from services.audit.ledger.formats.note import (
    Note,
    NoteError,
    Signer,
    Verifier,
    open_note,
    parse_note,
    with_signatures,
)
from services.audit.witness.record import Cosigned, Record
from services.audit.witness.request import Request

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP, and the line for the log."""

    status: int
    body: str
    kind: str = PLAIN
    about: str = ""


class Refusal(Exception):
    """Not cosigned; carries the answer."""

    def __init__(self, status: int, text: str, kind: str = PLAIN) -> None:
        super().__init__(text)
        self.answer = Answer(status, text + "\n", kind, text)


class Judge:
    """One witness and the logs it knows. Its directory must be held (`Record.held`) while it lives."""

    def __init__(self, record: Record, key: Signer, logs: Sequence[Verifier], now: Callable[[], int]) -> None:
        """Raises Malformed when what is kept cannot be believed; a witness that forgets must not go on."""
        self.key = key
        self.witness = Witness(key.verifier)
        self._record = record
        self._now = now
        self._logs: dict[str, list[Verifier]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._locks = {origin: Lock() for origin in self._logs}
        self.latest = {origin: record.latest(origin, self.witness) for origin in self._logs}

    def add_checkpoint(self, body: bytes) -> Answer:
        """Blocks while another request of the same log is judged, and until what it cosigns is on disk."""
        try:
            request, note, checkpoint = self._opened(body)
            with self._locks[checkpoint.origin]:
                return self._judged(request, note, checkpoint, body)
        except Refusal as refusal:
            return refusal.answer

    def _opened(self, body: bytes) -> tuple[Request, Note, Checkpoint]:
        try:
            request = Request.decode(body)
            checkpoint = Checkpoint.parse(parse_note(request.note).text)
        except Malformed as error:
            raise Refusal(400, str(error)) from error
        if checkpoint.origin not in self._logs:
            raise Refusal(404, "this witness does not know the log")
        try:
            note = open_note(request.note, self._logs[checkpoint.origin])
        except NoteError as error:
            raise Refusal(403, str(error)) from error
        if request.old_size > checkpoint.size:
            raise Refusal(400, "the old size is larger than the checkpoint's")
        return request, note, checkpoint

    def _judged(self, request: Request, note: Note, checkpoint: Checkpoint, body: bytes) -> Answer:
        latest = self.latest[checkpoint.origin]
        size, root = (latest.checkpoint.size, latest.checkpoint.root) if latest else (0, EMPTY_ROOT)
        if request.old_size != size:
            raise Refusal(409, str(size), SIZE)
        try:
            _continues(size, root, checkpoint, request.proof)
        except Refusal:
            self._record.accuse(checkpoint, body, latest)
            raise
        at = max(self._now(), latest.at if latest else 1)  # a clock set back must not reorder what was seen
        line = cosign(checkpoint.text(), self.key.name, self.key.seed, at)
        signed = f"{note.text}\n{''.join(each.line() for each in note.signatures)}".encode()
        cosigned = Cosigned(checkpoint, at, with_signatures(signed, [line]))
        self._record.keep(cosigned)
        self.latest[checkpoint.origin] = cosigned
        return Answer(200, line.line(), PLAIN, f"{checkpoint.origin} {checkpoint.size}")


def _continues(size: int, root: bytes, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    if proof and size in (0, checkpoint.size):
        raise Refusal(422, "there is nothing to prove, the proof must be empty")
    if size == checkpoint.size:
        if root != checkpoint.root:
            raise Refusal(409, f"another root was cosigned at size {size}: the log shows two histories")
    elif size:
        try:
            verify_consistency(size, checkpoint.size, proof, root, checkpoint.root)
        except ProofError as error:
            raise Refusal(422, str(error)) from error
