"""One HTTP command, durably recorded, 64 at a time, one process; beside FastAPI doing nothing."""

from bench.subject import AtLeast, Group, Role, Sizes, Subject

CALLERS = 64
GENERATOR = "the load generator on a canned answer"


def case(sizes: Sizes) -> list[Group]:
    return [
        Group(
            title=f"HTTP command: {CALLERS} connections, one process",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "http", setup="create", callers=CALLERS),
                Subject("FastAPI doing nothing", Role.LIMIT, "bench.http_load", "idle", callers=CALLERS),
                Subject(GENERATOR, Role.LIMIT, "bench.http_load", "canned", callers=CALLERS),
            ),
            targets=(AtLeast(0.7, "limit"),),
            aside=frozenset({GENERATOR}),
            source="the canned answer shares the generator's core: it shows the least that can be driven",
        )
    ]
