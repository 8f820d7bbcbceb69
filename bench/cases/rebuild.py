"""Rebuilding a read model from the whole log, on one process and on four."""

from bench.subject import Group, RateAtLeast, Role, Runtime, Sizes, Subject

FACTS_EACH = 10  # as an assignment or a session has
WANTED = {1: 100_000, 4: 300_000}


def case(sizes: Sizes) -> list[Group]:
    count = sizes.rebuild
    return [
        Group(
            title=f"rebuild: {count:,} facts, {workers} {'process' if workers == 1 else 'processes'}",
            subjects=(
                Subject(
                    "ours",
                    Role.OURS,
                    "bench.ours",
                    "rebuild",
                    setup="fill",
                    count=count,
                    extra=_extra(workers, count),
                ),
                Subject(
                    "COPY out, fold, COPY in",
                    Role.LIMIT,
                    "bench.limits.rebuild",
                    "rebuild",
                    Runtime.PEERS,
                    "fill",
                    count=count,
                    extra=_extra(workers, count),
                ),
            ),
            targets=(RateAtLeast(wanted),),
        )
        for workers, wanted in WANTED.items()
    ]


def _extra(workers: int, count: int) -> dict[str, str]:
    return {"workers": str(workers), "aggregates": str(count // FACTS_EACH)}
