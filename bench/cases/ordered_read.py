"""Reading the whole log in order."""

from bench.subject import Group, RateAtLeast, Role, Runtime, Sizes, Subject


def case(sizes: Sizes) -> list[Group]:
    count = sizes.log

    def peer(name: str, module: str) -> Subject:
        return Subject(name, Role.PEER, module, "read", Runtime.PEERS, "setup", count=count)

    return [
        Group(
            title=f"ordered read: {count:,} facts",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "read", setup="fill", count=count),
                peer("eventsourcing", "bench.peers.eventsourcing_plain"),
                peer("UmaDB", "bench.peers.umadb_server"),
                peer("Message DB, one category", "bench.peers.message_db"),
                peer("eventsource-py", "bench.peers.eventsource_py"),
                Subject(
                    "COPY out", Role.LIMIT, "bench.limits.log", "copy_out", Runtime.PEERS, "fill", count=count
                ),
            ),
            targets=(RateAtLeast(250_000),),
        )
    ]
