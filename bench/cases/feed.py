"""Reading the feed over HTTP: pages of a long log, by many who mirror it, from one process."""

from bench.subject import Group, RateAtLeast, Role, Sizes, Subject

CALLERS, PAGE = 16, 100


def case(sizes: Sizes) -> list[Group]:
    def subject(name: str, role: Role, module: str, step: str, setup: str | None = None) -> Subject:
        extra = {"page": str(PAGE)}
        return Subject(name, role, module, step, setup=setup, callers=CALLERS, count=sizes.log, extra=extra)

    return [
        Group(
            title=f"feed: reads of pages of {PAGE} facts among {sizes.log:,}, {CALLERS} connections, one process",
            subjects=(
                subject("ours", Role.OURS, "bench.ours", "feed", "fill"),
                subject("FastAPI answering one page of bytes", Role.LIMIT, "bench.limits.served", "page"),
            ),
            targets=(RateAtLeast(500),),
            source=f"a read is {PAGE} facts of 600 bytes; the limit looks nothing up and asks nobody who they are",
        )
    ]
