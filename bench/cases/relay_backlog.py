"""A backlog of stored facts into JetStream, in order and exactly once, with every write synced."""

from bench.subject import AtLeast, Group, Role, Runtime, Sizes, Subject


def case(sizes: Sizes) -> list[Group]:
    count = sizes.backlog
    return [
        Group(
            title=f"relay backlog: {count:,} facts, sync always",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "relay", setup="fill", count=count),
                Subject(
                    "nats-py, one by one", Role.PEER, "bench.peers.nats_client", "one_by_one", count=count
                ),
                Subject("nats-py, in flight", Role.PEER, "bench.peers.nats_client", "in_flight", count=count),
                Subject(
                    "atomic batches of 1,000, three in flight",
                    Role.LIMIT,
                    "bench.limits.atomic_batches",
                    "publish",
                    Runtime.PEERS,
                    count=count,
                ),
            ),
            targets=(AtLeast(0.5, "limit"),),
            source="ours reads the facts from PostgreSQL; peers and limit hold theirs in memory",
        )
    ]
