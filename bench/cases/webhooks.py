"""Webhooks that wait, delivered to receivers that take each at once, beside bare POSTs."""

from bench.subject import AtLeast, Group, Role, Sizes, Subject

ENDPOINTS = 4


def case(sizes: Sizes) -> list[Group]:
    count = max(20, sizes.log // 20)

    def subject(name: str, role: Role, module: str, step: str, setup: str | None = None) -> Subject:
        return Subject(name, role, module, step, setup=setup, callers=ENDPOINTS, count=count)

    return [
        Group(
            title=f"webhooks: {count:,} deliveries to {ENDPOINTS} endpoints, one process",
            subjects=(
                subject("ours", Role.OURS, "bench.ours", "webhooks", "webhook_tables"),
                subject("httpx, POST after POST", Role.PEER, "bench.limits.posts", "posts"),
                subject("POSTs without an HTTP library", Role.LIMIT, "bench.limits.posts", "raw"),
            ),
            targets=(AtLeast(1, "best peer"),),
            source="ours looks up, signs, sends, and records each attempt and its answer; the others only send, "
            "16 at a time to each endpoint like ours",
        )
    ]
