"""A sequencer as a process that may die anywhere. Forked from one that has loaded everything: that is much cheaper."""

import asyncio
import multiprocessing
import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from services.audit.ledger.formats.policy import Policy
from services.audit.ledger.sequencer import Sequencer
from services.audit.ledger.settings import Keys
from shared.kernel import faults
from tests.audit.ledger.scene import FLUSH_SECONDS, LOG, REGION, SOURCES


def start(database_url: str, state: Path, policy: str, fault: str) -> ForkServerProcess:
    """A process that dies when it reaches this point (`name:visits`)."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_main, args=(database_url, str(state), policy, fault), daemon=True)
    process.start()
    return process


def _main(database_url: str, state: str, policy: str, fault: str) -> None:
    os.environ |= {"ALONGSIDE_PROFILE": "dev", "ALONGSIDE_FAULT": fault}
    faults._point, faults._visits = faults._wish()
    keys = Keys(REGION, LOG, Path(state), Policy.parse(policy), None, {})
    asyncio.run(Sequencer(database_url, keys, frozenset(SOURCES), FLUSH_SECONDS).run())
