"""What a system says of itself in run.json."""

from typing import TYPE_CHECKING

import psutil

from deploy import keys
from deploy.nats.declaration import HOUSE_USERS
from deploy.ports import HOST
from deploy.running import Process, Running
from deploy.services import WITHOUT_STORE

if TYPE_CHECKING:
    from deploy.embedded import System


def described(system: "System") -> Running:
    """Addresses and process ids of this moment."""
    me, foundation = psutil.Process(), system.foundation
    urls = {"postgres": foundation.postgres_url, "nats": foundation.nats_url, "mail": foundation.smtp_url}
    witness = f"http://{HOST}:{system.ports[keys.WITNESS]}"
    return Running(
        state=system.state,
        data=system.data,
        region=system.region,
        supervisor=me.pid,
        supervisor_started=me.create_time(),
        postgres_url=foundation.postgres_url,
        nats_url=foundation.nats_url,
        nats_seeds={user: seed for user in HOUSE_USERS if (seed := foundation.bus.seed(user)) is not None},
        nats_monitor_url=foundation.nats.monitor_url if foundation.nats else None,
        smtp_url=foundation.smtp_url,
        keyring_url=system.keyring_url(),
        epoch_keys=system.epoch_keys,
        mail=foundation.mail_folder,
        services={
            name: process(system, name, system.urls[name]) for name in system.urls if system.knows(name)
        },
        engines={child.name: process(system, child.name, urls[child.name]) for child in foundation.children}
        | ({keys.WITNESS: process(system, keys.WITNESS, witness)} if system.knows(keys.WITNESS) else {}),
    )


def process(system: "System", name: str, url: str) -> Process:
    child, has_store = system.process(name), name in system.urls and name not in WITHOUT_STORE
    database = system.database_url(name) if has_store else None
    signing = keys.signer(system.data, f"{system.region}/{name}").skey() if has_store else None
    return Process(
        url=url,
        port=system.ports[name],
        pid=child.pid,
        database_url=database,
        signing_key=signing,
        log=str(child.log),
    )
