"""The head of a bundle: who signed and cosigned its checkpoint, and whether that follows from an earlier one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.audit.bundle import layout
from services.audit.bundle.archive import BadBundle, Entries
from services.audit.bundle.manifest import NAME, Manifest
from services.audit.bundle.pieces import parse_proof
from services.audit.bundle.report import Report
from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.exact import Malformed, text_of
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.merkle import EMPTY_ROOT, ProofError, verify_consistency
from services.audit.ledger.formats.note import LONGEST, Verifier, open_note, parse_note
from services.audit.ledger.formats.policy import NoQuorum, Policy

MOST_PRODUCERS = 1_000


@dataclass(frozen=True)
class Trusted:
    """What the auditor brings along; what he does not bring is taken from the bundle, and the report says so."""

    policy: Policy | None = None
    producers: tuple[Verifier, ...] | None = None
    pin: bytes | None = None


def read_producers(text: str) -> tuple[Verifier, ...]:
    """A vkey in each line. Raises Malformed."""
    lines = text.splitlines()
    if len(lines) > MOST_PRODUCERS:
        raise Malformed("more producers than there can be")
    return tuple(Verifier.parse(line) for line in lines)


@dataclass(frozen=True)
class Opened:
    """What the rest of the bundle is held against."""

    manifest: Manifest
    producers: tuple[Verifier, ...]
    checkpoint: Checkpoint
    own_pin: Checkpoint | None
    """The auditor's own pin, when the proof in the bundle is not about it."""

    @property
    def pin_size(self) -> int | None:
        return self.own_pin.size if self.own_pin else None

    def compare(self, root_when: Callable[[int], bytes | None], report: Report) -> None:
        """The auditor's pin with the root that the bundle's own tiles had at that size."""
        pin = self.own_pin
        if pin is None:
            return
        root = EMPTY_ROOT if pin.size == 0 else root_when(pin.size)
        if root is None:
            report.wrong_use = (
                f"the bundle does not reach from your checkpoint of {pin.size:,} leaves to its own of "
                f"{self.checkpoint.size:,}: let it be exported again with --pin and your checkpoint"
            )
        elif root != pin.root:
            report.add(
                Finding.INCONSISTENT,
                pin.size,
                f"the first {pin.size} leaves are not those of your checkpoint",
            )


class Opening:
    """Reads the head, and reports what is wrong with it."""

    def __init__(self, entries: Entries, trusted: Trusted, report: Report) -> None:
        self._entries, self._trusted, self._report = entries, trusted, report

    def open(self) -> Opened:
        """Raises BadBundle or Malformed."""
        report = self._report
        manifest = report.manifest = Manifest.decode(self._entry(NAME))
        log_key = Verifier.parse(self._text(layout.LOG_KEY).removesuffix("\n"))
        producers = read_producers(self._text(layout.PRODUCERS))
        policy = Policy.parse(self._text(layout.POLICY))
        if log_key.name != manifest.origin or log_key not in policy.logs.get(manifest.origin, ()):
            raise BadBundle(layout.LOG_KEY, "its own policy does not name this key of this log")
        bundled, proof = None, None
        if self._entries.name == layout.PIN:
            bundled, proof = self._entry(layout.PIN), parse_proof(self._entry(layout.CONSISTENCY))
        note = report.checkpoint = self._entry(layout.CHECKPOINT)
        checkpoint = parsed(layout.CHECKPOINT, note)
        report.own_policy, report.own_producers = (
            self._trusted.policy is None,
            self._trusted.producers is None,
        )
        policy = self._trusted.policy or policy
        self._quorum(policy, layout.CHECKPOINT, note)
        own = self._pins(policy, checkpoint, bundled, proof, manifest)
        if (checkpoint.origin, checkpoint.size) != (manifest.origin, manifest.size):
            raise BadBundle(NAME, "it names another checkpoint than the one in the bundle")
        if checkpoint.root.hex() != manifest.root:
            report.add(Finding.ROOT_MISMATCH, "checkpoint", "its root is not the one that the manifest names")
        if self._trusted.producers is not None:
            producers = self._trusted.producers
        return Opened(manifest, producers, checkpoint, own)

    def _quorum(self, policy: Policy, name: str, note: bytes) -> None:
        try:
            witnessed = policy.satisfied_by(note)
        except NoQuorum as few:
            self._report.add(Finding.NO_QUORUM, name, str(few))
        except Malformed as bad:
            self._report.add(Finding.NO_QUORUM, name, str(bad))
        else:
            if name == layout.CHECKPOINT:
                self._report.cosigners = {who: moment(at) for who, at in sorted(witnessed.cosigners.items())}

    def _pins(
        self,
        policy: Policy,
        checkpoint: Checkpoint,
        bundled: bytes | None,
        proof: tuple[int, list[bytes]] | None,
        manifest: Manifest,
    ) -> Checkpoint | None:
        """Compares what can be compared by now, and returns the auditor's pin when it takes the tiles to do so."""
        earlier = parsed(layout.PIN, bundled) if bundled is not None else None
        if (earlier.size if earlier else None) != manifest.pin or (proof or (manifest.pin,))[
            0
        ] != manifest.pin:
            raise BadBundle(NAME, "it names another earlier checkpoint than the one in the bundle")
        own = parsed("--pin", self._trusted.pin) if self._trusted.pin is not None else None
        if earlier is not None and proof is not None and bundled is not None:
            if self._signed_by_log(policy, bundled):
                self._compare(layout.PIN, earlier, checkpoint, proof[1])
            self._report.pinned, self._report.pin_from_bundle = earlier.size, True
        if own is None:
            return None
        self._report.pinned, self._report.pin_from_bundle = own.size, False
        if own.origin != checkpoint.origin:
            self._report.wrong_use = (
                f"your checkpoint is of {own.origin}, the bundle's of {checkpoint.origin}"
            )
            return None
        if own.size >= checkpoint.size:
            self._compare("your checkpoint", own, checkpoint, [])
            return None
        if earlier is not None and proof is not None and earlier.size == own.size:
            self._compare("your checkpoint", own, checkpoint, proof[1])
            return None
        return own

    def _signed_by_log(self, policy: Policy, note: bytes) -> bool:
        try:
            open_note(note, policy.verifiers)
        except Malformed as bad:
            self._report.add(Finding.NO_QUORUM, layout.PIN, str(bad))
            return False
        return True

    def _compare(self, whose: str, old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> None:
        report = self._report
        if old.origin != new.origin:
            raise BadBundle(layout.PIN, f"it is a checkpoint of another log, {old.origin}")
        if old.size > new.size:
            detail = f"{whose} has {old.size} leaves, the bundle's has {new.size}"
            report.add(Finding.ROLLBACK, new.size, detail)
            return
        try:
            if old.size == 0:
                if old.root != EMPTY_ROOT or proof:
                    raise ProofError("the empty tree has one root, and takes no proof")
            else:
                verify_consistency(old.size, new.size, proof, old.root, new.root)
        except ProofError as wrong:
            report.add(Finding.INCONSISTENT, old.size, f"with {whose}: {wrong}")

    def _entry(self, name: str) -> bytes:
        if self._entries.name != name:
            raise BadBundle(str(self._entries.name or "the end"), f"{name} is expected here")
        return self._entries.take()

    def _text(self, name: str) -> str:
        try:
            return text_of(self._entry(name), LONGEST)
        except Malformed as bad:
            raise BadBundle(name, str(bad)) from None


def parsed(place: str, note: bytes) -> Checkpoint:
    """A note's checkpoint, with nobody's signature verified. Raises BadBundle."""
    try:
        return Checkpoint.parse(parse_note(note).text)
    except Malformed as bad:
        raise BadBundle(place, str(bad)) from None


def moment(seconds: int) -> str:
    """A cosignature's time, as people write it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return f"{seconds} s after 1970"
