"""Operator, accounts and users as signed JWTs (NATS JWT version 2), for production."""

import base64
import json
import time
from hashlib import sha256
from typing import Any

import nkeys

from deploy.nats.declaration import Account, Share, User
from deploy.nats.users import public_key

NO_LIMIT = -1
_OF_ACCOUNT = ("imports", "exports", "leaf", "mem_storage", "disk_storage", "streams", "consumer", "data")


def operator_jwt(seed: str, system_account: str) -> str:
    """Signs itself; what it has signed the server believes."""
    return signed(seed, "alongside", public_key(seed), {"type": "operator", "system_account": system_account})


def account_jwt(operator: str, account: Account, key: str, shares: list[Share], keys: dict[str, str]) -> str:
    """`keys` are the seeds of accounts by name; the first one is the region's, which shares."""
    home = next(iter(keys))
    exports = [_export(share) for share in shares] if account.name == home else []
    imports = [_import(share, keys, home) for share in shares if share.account == account.name]
    limits = dict.fromkeys(_OF_ACCOUNT, NO_LIMIT if account.jetstream else 0)
    most = account.limits
    limits |= {
        "imports": NO_LIMIT,
        "exports": NO_LIMIT,
        "data": NO_LIMIT,
        "conn": most.connections if most else NO_LIMIT,
        "subs": most.subscriptions if most else NO_LIMIT,
        "payload": most.payload if most else NO_LIMIT,
        "wildcards": True,
    }
    claims = {"type": "account", "limits": limits, "exports": exports, "imports": imports}
    return signed(operator, account.name, key, claims)


def user_jwt(account_seed: str, user: User, key: str) -> str:
    """What the user may do; it shows this on connecting, and signs with its own key."""
    allowed = user.allowed
    claims = {
        "type": "user",
        "pub": {"allow": list(allowed.publish)},
        "sub": {"allow": list(allowed.subscribe)},
        **dict.fromkeys(("subs", "data", "payload"), NO_LIMIT),
    }
    return signed(account_seed, user.name, key, claims)


def credentials(jwt: str, seed: str) -> str:
    """A `.creds` file: who I am, and the key that proves it."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )


def signed(seed: str, name: str, subject: str, claims: dict[str, Any]) -> str:
    """One JWT: `subject` is a public key, `seed` the issuer's."""
    issuer = nkeys.from_seed(seed.encode())
    said = {
        "iat": int(time.time()),
        "iss": public_key(seed),
        "name": name,
        "sub": subject,
        "nats": {**claims, "version": 2},
    }
    said["jti"] = (
        base64.b32encode(sha256(json.dumps(said, sort_keys=True).encode()).digest()).decode().rstrip("=")
    )
    head = {"typ": "JWT", "alg": "ed25519-nkey"}
    text = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(said).encode())}"
    return f"{text}.{_encoded(issuer.sign(text.encode()))}"


def _export(share: Share) -> dict[str, Any]:
    """Nobody takes it without a token of ours."""
    kind = {"singleton": "Singleton", "stream": "Stream"}[share.responses]
    return {"subject": share.subject, "type": "service", "response_type": kind, "token_req": True}


def _import(share: Share, keys: dict[str, str], home: str) -> dict[str, Any]:
    activation = {"type": "activation", "subject": share.subject, "kind": "service"}
    taken = {
        "subject": share.subject,
        "account": public_key(keys[home]),
        "type": "service",
        "token": signed(keys[home], share.subject, public_key(keys[share.account]), activation),
    }
    return taken if share.to == share.subject else {**taken, "local_subject": share.to}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
