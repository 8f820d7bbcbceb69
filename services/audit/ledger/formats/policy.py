"""Whose word counts (C2SP tlog-policy): the logs, the witnesses, and how many of them must have cosigned."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import Witness, seconds_of
from services.audit.ledger.formats.exact import Malformed, decimal
from services.audit.ledger.formats.note import Note, NoteError, Unsigned, Verifies, open_note
from shared.kernel.notekeys import ED25519, Verifier

NONE = "none"
LONGEST = 100_000
MOST = 256
"""Lines of one kind; the standard asks for at least 32."""

_CONTROL = re.compile(r"[^\t\n -~\x80-\U0010ffff]")


class PolicyError(Malformed):
    """Not a policy; the message says in which line."""


class NoQuorum(NoteError):
    """The log has signed the checkpoint, but too few witnesses have cosigned it."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that satisfies a policy, and the witnesses (by their names there) that cosigned it, with times."""

    checkpoint: Checkpoint
    note: Note
    cosigners: Mapping[str, int]
    witnessed_at: int | None
    """Since when enough had cosigned, in seconds since 1970; None under a policy that asks for nobody."""


@dataclass(frozen=True, slots=True)
class Member:
    """A witness with its address, when the policy gives one."""

    witness: Witness
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs by origin, witnesses and groups by name, and the one whose word is needed."""

    logs: Mapping[str, tuple[Verifier, ...]]
    witnesses: Mapping[str, Member]
    groups: Mapping[str, Group]
    quorum: str
    text: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> "Policy":
        return _Reading().read(text)

    @property
    def verifiers(self) -> Iterator[Verifier]:
        return (verifier for verifiers in self.logs.values() for verifier in verifiers)

    def holds(self, names: frozenset[str] | set[str]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum == NONE or self._stands(self.quorum, names)

    def satisfied_by(self, note: bytes) -> Witnessed:
        """The checkpoint, when a log of the policy has signed it and enough witnesses have cosigned it.

        Raises NoQuorum, NoteError (also for a known key's false signature) or another Malformed.
        """
        named = {(each.witness.name, each.witness.key_id): name for name, each in self.witnesses.items()}
        known: list[Verifies] = [*self.verifiers, *(each.witness for each in self.witnesses.values())]
        opened = open_note(note, known)
        checkpoint = Checkpoint.parse(opened.text)
        origins = {(each.name, each.key_id) for each in self.logs.get(checkpoint.origin, ())}
        if not any((each.name, each.key_id) in origins for each in opened.signatures):
            raise Unsigned(f"no log of the policy has signed this checkpoint of {checkpoint.origin[:60]!r}")
        cosigners: dict[str, int] = {}
        for signature in opened.signatures:
            if name := named.get((signature.name, signature.key_id)):
                cosigners[name] = min(seconds_of(signature), cosigners.get(name, seconds_of(signature)))
        if not self.holds(frozenset(cosigners)):
            raise NoQuorum(
                f"cosigned by {', '.join(sorted(cosigners)) or 'nobody'}: too few for {self.quorum}"
            )
        return Witnessed(checkpoint, opened, cosigners, self._since(cosigners))

    def _since(self, cosigners: Mapping[str, int]) -> int | None:
        if self.quorum == NONE:
            return None
        times = sorted(set(cosigners.values()))
        return next(at for at in times if self.holds({name for name in cosigners if cosigners[name] <= at}))

    def _stands(self, name: str, names: frozenset[str] | set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in names
        return sum(self._stands(member, names) for member in group.members) >= group.needed


class _Reading:
    """A policy while it is being read, line by line; names are known from the lines before."""

    def __init__(self) -> None:
        self.logs: dict[str, list[Verifier]] = {}
        self.witnesses: dict[str, Member] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.members: set[str] = set()

    def read(self, text: str) -> Policy:
        if len(text) > LONGEST or _CONTROL.search(text):
            raise PolicyError(
                "a policy has up to 100,000 characters and no control characters but tab and newline"
            )
        if not text.endswith("\n"):
            raise PolicyError("the last line of a policy ends with a newline")
        for number, line in enumerate(text.split("\n"), 1):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                try:
                    self._line(words)
                except Malformed as error:
                    raise PolicyError(f"line {number}: {error}") from error
        if self.quorum is None:
            raise PolicyError("a policy has a quorum line")
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MOST:
            raise PolicyError(f"more than {MOST} logs, witnesses or groups")
        logs = {origin: tuple(verifiers) for origin, verifiers in self.logs.items()}
        return Policy(logs, self.witnesses, self.groups, self.quorum, text)

    def _line(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self._log(Verifier.parse(vkey))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(name, Witness.parse(vkey), url[0] if url else None)
            case ["group", name, needed, *members] if members:
                self._group(name, needed, members)
            case ["quorum", name] if self.quorum is None:
                if name != NONE:
                    self._defined(name)
                self.quorum = name
            case _:
                raise PolicyError(f"cannot be understood: {' '.join(words)[:80]!r}")

    def _log(self, verifier: Verifier) -> None:
        if verifier.kind != ED25519:
            raise PolicyError(f"the key of {verifier.name} is not one for logs (type 1)")
        if any(each.public == verifier.public for each in (v for vs in self.logs.values() for v in vs)):
            raise PolicyError(f"the key of {verifier.name} stands there already")
        self.logs.setdefault(verifier.name, []).append(verifier)

    def _witness(self, name: str, witness: Witness, url: str | None) -> None:
        self._new(name)
        if any(each.witness.verifier.public == witness.verifier.public for each in self.witnesses.values()):
            raise PolicyError(f"the key of {name} stands there already")
        self.witnesses[name] = Member(witness, url)

    def _group(self, name: str, needed: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            self._defined(member)
            if member in self.members:
                raise PolicyError(f"{member} is a member already: a witness counts once")
            self.members.add(member)
        count = {"any": 1, "all": len(members)}.get(needed)
        count = decimal(needed) if count is None else count
        if not 1 <= count <= len(members):
            raise PolicyError(f"{needed} of {len(members)} members")
        self.groups[name] = Group(count, tuple(members))

    def _new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyError(f"the name {name} is taken")

    def _defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyError(f"{name} is not defined in a line before")
