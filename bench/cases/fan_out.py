"""The same facts to 1, 10 and 100 integrators, each in an account of their own, each fact acknowledged."""

from bench.subject import AtLeast, Group, Role, Sizes, Subject

INTEGRATORS = (1, 10, 100)


def case(sizes: Sizes) -> list[Group]:
    deliveries = sizes.log // 5

    def group(number: int) -> Group:
        facts = max(10, deliveries // number)

        def subject(name: str, role: Role, module: str, step: str) -> Subject:
            return Subject(name, role, module, step, callers=number, count=facts)

        return Group(
            title=f"fan-out: {facts:,} facts to {number} integrators, deliveries",
            subjects=(
                subject("ours, a durable and an account each", Role.OURS, "bench.ours", "fan_out"),
                subject("nats-py, core subscriptions", Role.LIMIT, "bench.limits.fan_out", "subscriptions"),
                subject("nats-py, durables in one account", Role.LIMIT, "bench.limits.fan_out", "durables"),
            ),
            aside=frozenset({"nats-py, core subscriptions"}),
            targets=(AtLeast(0.5, "limit"),),
            source="all clients are in one process: it is nats-py and its core that bound these, not the server",
        )

    return [group(number) for number in INTEGRATORS]
