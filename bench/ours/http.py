"""HTTP commands against a service process that does nothing else."""

import shared.kernel.process  # noqa: F401  (absent: the step is not built yet)
from bench import facts
from bench.child import Go, Job, Sample
from bench.http_load import Requests, drive, post
from bench.ours.processes import REGION, service_process
from bench.ports import free_port
from shared.kernel.store import Store

PATH = "/bench/sessions"


def requests(port: int, region: str = REGION) -> Requests:
    return post(port, PATH, facts.data(1), f"Authorization: Bearer dev:mentor:{region}:ann\r\n")


async def http(job: Job, go: Go) -> Sample:
    """Each answer is a fact recorded: counted in the store afterwards."""
    port = free_port()
    with service_process("writer", "bench", job.database_url, job.nats_url, port, "api"):
        await drive(port, job.callers, 0.2, requests(port))
        async with await Store.open(job.database_url) as store:
            before = await store.head()
            go()
            sample = await drive(port, job.callers, job.seconds, requests(port))
            recorded = await store.head() - before
    if recorded != sample["count"]:
        raise RuntimeError(f"{sample['count']} commands were answered 2xx, {recorded} facts recorded")
    return sample
