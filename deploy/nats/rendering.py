"""The declaration as configuration of a nats-server: accounts with NKEY users."""

import json
from collections.abc import Iterable, Mapping

from deploy.nats.declaration import Account, Declaration, Share, User
from deploy.nats.permissions import Allowed

NOTE = "# Written from deploy/nats/declaration.py; what is changed here is gone at the next start.\n"


def accounts(declared: Declaration, keys: Mapping[str, str]) -> str:
    """The `accounts` block. `keys` has the public NKEY of each of the house's own users."""
    home = declared.accounts[0].name
    blocks = [_account(one, home, declared.shares, keys) for one in declared.accounts]
    return NOTE + "accounts {\n" + "\n".join(blocks) + "\n}\n"


def _account(one: Account, home: str, shares: Iterable[Share], keys: Mapping[str, str]) -> str:
    lines = [f"  {_text(one.name)} {{"]
    if one.jetstream:
        lines.append("    jetstream: enabled")
    if one.limits:
        most = one.limits
        lines.append(
            f"    limits {{ max_connections: {most.connections}, max_subscriptions: {most.subscriptions},"
            f" max_payload: {most.payload} }}"
        )
    lines += ["    users: [", *(_user(user, keys) for user in one.users), "    ]"]
    if one.name == home:
        offered = (_export(share) for share in shares)
        lines += ["    exports: [", *offered, "    ]"]
    else:
        taken = (_import(share, home) for share in shares if share.account == one.name)
        lines += ["    imports: [", *taken, "    ]"]
    return "\n".join([*lines, "  }"])


def _user(user: User, keys: Mapping[str, str]) -> str:
    return f"      {{ nkey: {user.nkey or keys[user.name]}, permissions: {_allowed(user.allowed)} }} # {user.name}"


def _allowed(allowed: Allowed) -> str:
    return (
        f"{{ publish: {{ allow: {_texts(allowed.publish)} }},"
        f" subscribe: {{ allow: {_texts(allowed.subscribe)} }} }}"
    )


def _export(share: Share) -> str:
    return (
        f"      {{ service: {_text(share.subject)}, response_type: {share.responses},"
        f" accounts: [{_text(share.account)}] }}"
    )


def _import(share: Share, home: str) -> str:
    """What keeps its name needs no other."""
    renamed = "" if share.to == share.subject else f", to: {_text(share.to)}"
    return f"      {{ service: {{ account: {_text(home)}, subject: {_text(share.subject)} }}{renamed} }}"


def _text(word: str) -> str:
    return json.dumps(word)


def _texts(words: Iterable[str]) -> str:
    return "[" + ", ".join(_text(word) for word in words) + "]"
