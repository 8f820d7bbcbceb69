"""From a POST to the row in another service's read model, with nothing else going on."""

from bench.subject import Group, Role, Runtime, Sizes, Subject, WithinMilliseconds


def case(sizes: Sizes) -> list[Group]:
    count = sizes.posts
    return [
        Group(
            title=f"POST to visible: {count} times, idle",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "visible", count=count),
                Subject(
                    "eventsourcing, save to ProjectionRunner",
                    Role.PEER,
                    "bench.peers.eventsourcing_plain",
                    "visible",
                    Runtime.PEERS,
                    "setup",
                    count=count,
                ),
                Subject(
                    "commit, publish, upsert",
                    Role.LIMIT,
                    "bench.limits.visible_bare",
                    "visible",
                    Runtime.PEERS,
                    count=count,
                ),
            ),
            targets=(WithinMilliseconds(p50=8, p99=20),),
            source="the peer has neither HTTP nor a bus in its way, the limit no HTTP",
        )
    ]
