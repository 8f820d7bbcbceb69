"""Which service opens and makes keys of which retention class: the one table, carried out by the keyring's database."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass

Classes = frozenset[RetentionClass]


@dataclass(frozen=True, slots=True)
class Grant:
    """`makes` are the classes of the service's own facts, `opens` those of facts it listens to.

    `destroys`: it carries out erasures.
    """

    makes: Classes = frozenset()
    opens: Classes = frozenset()
    destroys: bool = False

    @property
    def reads(self) -> Classes:
        """Who makes a key has it, and so opens with it."""
        return self.makes | self.opens


EVERY: Classes = frozenset(RETENTION_CLASSES)

GRANTS: Mapping[str, Grant] = {
    "assignments": Grant(makes=EVERY),
    "sessions": Grant(makes=frozenset({"casework"})),
    # A mentor in an imported list is found by their e-mail.
    "training": Grant(makes=frozenset({"employment"}), opens=frozenset({"contact"})),
    # Its letters name children and mentors.
    "notifications": Grant(makes=frozenset({"contact"}), opens=frozenset({"profile", "employment"})),
    "audit": Grant(opens=EVERY, destroys=True),
}
