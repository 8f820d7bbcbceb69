"""What an integrator is given to begin with: programs that run as they stand."""

from deploy.nats.declaration import api_prefix
from deploy.nats.permissions import Granted

PYTHON = """\
# pip install 'nats-py[nkeys]'; the seed in {seed_file}, readable by you alone
import asyncio, json, nats

async def read():
    bus = await nats.connect("{url}", nkeys_seed="{seed_file}", max_reconnect_attempts=-1)
    stream = bus.jetstream(prefix="{prefix}")
    facts = await stream.pull_subscribe_bind("{durable}", "{stream}")
    while True:
        try:
            messages = await facts.fetch(100, timeout=30)
        except nats.errors.TimeoutError:
            continue
        for message in messages:
            fact = json.loads(message.data)
            print(message.metadata.sequence.stream, fact["type"], fact["subject"], flush=True)
            await message.ack()  # after you have kept it: what is not acknowledged comes again

asyncio.run(read())
"""

COMMANDS = """\
nats --server {url} --nkey {seed_file} --js-api-prefix {prefix} \\
    consumer next {stream} {durable} --count 10 --ack
# again from a place, or from a time: delete it, and make it anew with another start
nats --server {url} --nkey {seed_file} --js-api-prefix {prefix} consumer rm {stream} {durable} -f
nats --server {url} --nkey {seed_file} --js-api-prefix {prefix} consumer add {stream} {durable} \\
    --filter '{filter}' --pull --ack explicit --max-pending 500 --deliver 1 --defaults
"""


def python(url: str, name: str, grant: Granted) -> str:
    """Reads one fact durably, for ever."""
    return PYTHON.format(**_words(url, name, grant))


def commands(url: str, name: str, grant: Granted) -> str:
    """The same with the `nats` program; `--deliver` takes a sequence, or a time that has passed, like 24h."""
    return COMMANDS.format(**_words(url, name, grant))


def _words(url: str, name: str, grant: Granted) -> dict[str, str]:
    return {
        "url": url,
        "seed_file": f"{name}.nk",
        "prefix": api_prefix(grant.region),
        "stream": grant.stream,
        "durable": grant.durable,
        "filter": grant.filter,
    }
