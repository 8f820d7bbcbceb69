"""The declaration for production: an operator, accounts and users with JWTs, and a server configuration to start from.

python -m deploy.nats.production --region uk-london --into DIR [--integrators FILE]    may be repeated
"""

import json
from pathlib import Path
from typing import Annotated

import nkeys
import typer

from deploy.credentials import kept, write_private
from deploy.nats import jwts
from deploy.nats.declaration import Account, Declaration
from deploy.nats.users import declared, new_seed, public_key
from shared.kernel.integrators import Integrators

CONFIG = """\
# The accounts of {region}. Certificates first: without `tls` this configuration is for a test on loopback only.
server_name: "alongside-{region}"
listen: "0.0.0.0:4222"
max_payload: 8MB
jetstream {{ store_dir: "/data", sync_interval: always }}
# tls {{ cert_file: "server.crt", key_file: "server.key", ca_file: "ca.crt", verify: true }}
include "accounts.conf"
"""


def write(into: Path, declaration: Declaration) -> None:
    """`accounts.conf`, a credentials file for each of the house's users, and the keys, which no server needs."""
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    region = declaration.region
    operator = _key(into, "operator", nkeys.PREFIX_BYTE_OPERATOR)
    system = Account("system", ())
    keys = {
        one.name: _key(into, f"account {one.name}", nkeys.PREFIX_BYTE_ACCOUNT) for one in declaration.accounts
    }
    system_key = _key(into, "account system", nkeys.PREFIX_BYTE_ACCOUNT)
    shares = list(declaration.shares)
    preload = {
        public_key(keys[one.name]): jwts.account_jwt(operator, one, public_key(keys[one.name]), shares, keys)
        for one in declaration.accounts
    }
    preload[public_key(system_key)] = jwts.account_jwt(operator, system, public_key(system_key), [], {"": ""})
    lines = [
        f"operator: {jwts.operator_jwt(operator, public_key(system_key))}",
        f"system_account: {public_key(system_key)}",
        "resolver: MEMORY",
        "resolver_preload: {",
        *(f"  {key}: {jwt}" for key, jwt in preload.items()),
        "}",
    ]
    write_private(into / "accounts.conf", "\n".join(lines) + "\n")
    if not (into / "nats.conf").exists():
        (into / "nats.conf").write_text(CONFIG.format(region=region))
    (into / "creds").mkdir(mode=0o700, exist_ok=True)
    for account in declaration.accounts:
        for user in account.users:
            if user.nkey:  # an integrator's: their key stays theirs, and they get the JWT alone
                jwt = jwts.user_jwt(keys[account.name], user, user.nkey)
                write_private(into / "creds" / f"{account.name}.jwt", jwt + "\n")
            else:
                seed = _key(into, f"user {user.name}", nkeys.PREFIX_BYTE_USER)
                jwt = jwts.user_jwt(keys[account.name], user, public_key(seed))
                write_private(into / "creds" / f"{user.name}.creds", jwts.credentials(jwt, seed))


def _key(into: Path, name: str, kind: int) -> str:
    return kept(into, name, lambda: new_seed(kind))


def main(
    region: Annotated[str, typer.Option(help="The region these servers serve.")],
    into: Annotated[
        Path, typer.Option(help="A directory of secrets; its keys are kept when this is repeated.")
    ],
    integrators: Annotated[Path | None, typer.Option(help="The integrators.json of the region.")] = None,
) -> None:
    """Write accounts, users and credentials of one region."""
    known = Integrators(integrators).all()
    write(into, declared(region, known))
    typer.echo(json.dumps({"into": str(into), "integrators": [one.name for one in known]}))


if __name__ == "__main__":
    typer.run(main)
