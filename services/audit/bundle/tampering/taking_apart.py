"""An honest bundle as a ledger in memory, with the keys of a development system to sign it anew."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.audit.bundle import layout
from services.audit.bundle.archive import BadBundle, every
from services.audit.bundle.layout import fact_name
from services.audit.bundle.manifest import NAME, Manifest
from services.audit.bundle.pieces import Trust
from services.audit.bundle.tampering.forging import Forge
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.note import Signer, Verifier
from services.audit.ledger.formats.tiles import decode_entries
from shared.kernel.notekeys import COSIGNATURE, Malformed

CREDENTIALS = "credentials.json"
KEY = "key "


class Unfit(Exception):
    """This bundle, or this system, is not one that can be damaged like that; the message says why."""


@dataclass(frozen=True)
class Held:
    """What the damager has: the ledger as it was, its tiles and its checkpoint."""

    forge: Forge
    tiles: Mapping[str, bytes]
    checkpoint: bytes
    producers: Mapping[str, Signer]
    """By source, such as `/uk-london/sessions`."""

    def producer(self, source: str) -> Signer:
        found = self.producers.get(source)
        if found is None:
            raise Unfit(
                f"there is no private key of {source} here: name the --data of the system that has it"
            )
        return found


def keys_in(data: Path) -> Mapping[str, Signer]:
    """The private keys of a development system by name; none when it keeps none."""
    try:
        kept: Mapping[str, str] = json.loads((data / CREDENTIALS).read_text())
        return {
            name.removeprefix(KEY): Signer.parse(text) for name, text in kept.items() if name.startswith(KEY)
        }
    except (OSError, ValueError, AttributeError):
        return {}


def taken_apart(bundle: bytes, keys: Mapping[str, Signer]) -> Held:
    """Raises Unfit unless the bundle is a whole region's, from its first leaf to its last."""
    try:
        found = dict(every(io.BytesIO(bundle)))
        manifest = Manifest.decode(found[NAME])
        trust = Trust(
            found[layout.LOG_KEY].decode().strip(),
            tuple(found[layout.PRODUCERS].decode().splitlines()),
            found[layout.POLICY].decode(),
        )
        known = Verifier.parse(trust.log_key)
    except (BadBundle, KeyError, Malformed, UnicodeDecodeError) as bad:
        raise Unfit(f"this is no bundle: {bad}") from None
    if (manifest.begin, manifest.end) != (0, manifest.size):
        raise Unfit(
            "only a bundle of a whole region is damaged: export one with --region, without --from and --to"
        )
    log = keys.get(manifest.origin)
    # Without the log's own key, one of the same name: then nobody's signature holds.
    log = log if log is not None and log.verifier == known else Signer.new(manifest.origin)
    witnesses = tuple(key for key in keys.values() if key.kind == COSIGNATURE)
    leaves = [
        leaf
        for name, content in found.items()
        if name.startswith("tile/entries/")
        for leaf in decode_entries(content)
    ]
    if not leaves:
        raise Unfit("there is no fact in this bundle")
    forge = Forge(log, witnesses, trust, Leaf.decode(leaves[0]).received_at, leaves)
    for leaf in map(Leaf.decode, leaves):
        forge.blobs.append(found.get(fact_name(leaf.source, leaf.position)))
    tiles = {name: content for name, content in found.items() if name.startswith("tile/")}
    producers = {f"/{name}": key for name, key in keys.items() if key.kind != COSIGNATURE}
    return Held(forge, tiles, found[layout.CHECKPOINT], producers)
