"""Reading the feed over HTTP, from one process: pages from anywhere in a long log, and the newest ones."""

from bench.subject import Group, RateAtLeast, Role, Sizes, Subject

CALLERS, PAGE, NEWEST = 16, 100, 10
WHERE = {"anywhere in": (0, 500), "the newest of": (NEWEST, 1_000)}
"""How many pages at the end of the log are asked for (0: all), and the pages a second that ours must answer."""


def case(sizes: Sizes) -> list[Group]:
    def group(where: str) -> Group:
        newest, least = WHERE[where]
        extra = {"page": str(PAGE), "newest": str(newest)}

        def subject(name: str, role: Role, module: str, step: str, setup: str | None = None) -> Subject:
            return Subject(
                name, role, module, step, setup=setup, callers=CALLERS, count=sizes.log, extra=extra
            )

        return Group(
            title=f"feed: pages of {PAGE} facts, {where} {sizes.log:,}, {CALLERS} connections, one process",
            subjects=(
                subject("ours", Role.OURS, "bench.ours", "feed", "fill"),
                subject("FastAPI answering one page of bytes", Role.LIMIT, "bench.limits.served", "page"),
            ),
            targets=(RateAtLeast(least),),
            source=f"a page is {PAGE} facts of 600 bytes; the limit looks nothing up and asks nobody who they are",
        )

    return [group(where) for where in WHERE]
