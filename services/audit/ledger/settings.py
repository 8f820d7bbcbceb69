"""What the ledger is told from outside: its own key, whose facts it takes, who must witness, what it last signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.audit.ledger.formats.policy import Policy
from shared.kernel.notekeys import Malformed, Signer, Verifier


class LedgerSettings(BaseSettings):
    """ALONGSIDE_PRODUCERS, ALONGSIDE_LEDGER_KEY, ALONGSIDE_WITNESS_POLICY and ALONGSIDE_LEDGER_STATE."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore")

    producers: str = ""
    ledger_key: SecretStr | None = None
    witness_policy: str = ""
    """A policy, or the file that holds one."""
    ledger_state: Path | None = None
    """A directory outside the database, so that a restored database can't make it forget what it signed."""
    service_urls: Mapping[str, str] = {}


@dataclass(frozen=True)
class Keys:
    """The same, read. `producers` by key id; None when nobody said whose signatures count."""

    region: str
    log: Signer | None
    state: Path | None
    policy: Policy | None
    producers: Mapping[bytes, Verifier] | None
    service_urls: Mapping[str, str]

    @property
    def lacking(self) -> str | None:
        """Why nothing can be signed; None when everything is there."""
        missing = [
            name
            for name, value in (
                ("ALONGSIDE_LEDGER_KEY", self.log),
                ("ALONGSIDE_LEDGER_STATE", self.state),
                ("ALONGSIDE_WITNESS_POLICY", self.policy),
            )
            if value is None
        ]
        return f"not set: {', '.join(missing)}" if missing else None


def keys(region: str, settings: LedgerSettings | None = None) -> Keys:
    """From the environment. Raises Malformed, or OSError for a file that is not there."""
    given = settings or LedgerSettings()
    log = Signer.parse(given.ledger_key.get_secret_value().strip()) if given.ledger_key else None
    policy = _policy(given.witness_policy) if given.witness_policy else None
    if log and policy and all(log.vkey() != each.vkey() for each in policy.logs.get(log.name, ())):
        raise Malformed(f"the policy of the witnesses does not name this log: log {log.vkey()}")
    return Keys(region, log, given.ledger_state, policy, producers(given.producers), given.service_urls)


def producers(text: str) -> dict[bytes, Verifier] | None:
    """Verifier keys, one a line, by key id. Raises Malformed."""
    found = [Verifier.parse(line.strip()) for line in text.splitlines() if line.strip()]
    return {verifier.key_id: verifier for verifier in found} or None


def _policy(given: str) -> Policy:
    return Policy.parse(given if "\n" in given else Path(given).read_text())
