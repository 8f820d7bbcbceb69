"""Server-sent events: each fact to every client of one process, and what a client costs of its memory."""

from bench.subject import AtLeast, Group, RateAtLeast, Role, Sizes, Subject

CLIENTS, IDLE = 100, 500


def case(sizes: Sizes) -> list[Group]:
    clients = min(CLIENTS, sizes.posts)
    idle = min(IDLE, 5 * sizes.posts)
    count = max(5, sizes.log // 200)

    def told(name: str, role: Role, module: str, step: str, setup: str | None = None) -> Subject:
        return Subject(name, role, module, step, setup=setup, callers=clients, count=count)

    return [
        Group(
            title=f"SSE: events told to {clients} clients of one process, {count:,} facts",
            subjects=(
                told("ours", Role.OURS, "bench.ours", "sse", "create"),
                told("FastAPI telling each the same bytes", Role.LIMIT, "bench.limits.served", "events"),
            ),
            targets=(AtLeast(0.3, "limit"),),
            source="ours: from the commit of each fact to the last client that has it; the limit has its bytes ready",
        ),
        Group(
            title=f"SSE: clients that fit into 1 GiB of a process, from {idle} that wait",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "sse_memory", setup="create", callers=idle),
                Subject(
                    "FastAPI telling nothing", Role.LIMIT, "bench.limits.served", "silence", callers=idle
                ),
            ),
            targets=(RateAtLeast(5_000),),
            unit="clients",
            source="a process takes 1,000 at most, so that a flood of them can't starve commands",
        ),
    ]
