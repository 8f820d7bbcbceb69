"""A projection catching up with exactly-once effect, from its own store and from the stream."""

from bench.subject import AtLeast, Group, Role, Runtime, Sizes, Subject

MOST_FOR_EMMETT = 5_000


def case(sizes: Sizes) -> list[Group]:
    count = sizes.log
    return [
        Group(
            title=f"catch-up from the own store: {count:,} facts",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "catch_up_store", setup="fill", count=count),
                Subject(
                    "eventsourcing ProjectionRunner",
                    Role.PEER,
                    "bench.peers.eventsourcing_plain",
                    "catch_up",
                    Runtime.PEERS,
                    "setup",
                    count=count,
                ),
                Subject(
                    "Emmett consumer, Pongo",
                    Role.PEER,
                    "emmett.mjs",
                    "catch_up",
                    Runtime.NODE,
                    "setup",
                    count=min(count, MOST_FOR_EMMETT),
                ),
                Subject(
                    "pages of 2,000, unnest upsert",
                    Role.LIMIT,
                    "bench.limits.log",
                    "upsert",
                    Runtime.PEERS,
                    "fill",
                    count=count,
                ),
            ),
            targets=(AtLeast(0.5, "limit"),),
        ),
        Group(
            title=f"catch-up from the stream: {count:,} facts",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "catch_up_stream", setup="fill_stream", count=count),
                Subject(
                    "FastStream's batches of 500, doing nothing",
                    Role.PEER,
                    "bench.peers.faststream_batches",
                    "batches",
                    setup="fill",
                    count=count,
                ),
                Subject(
                    "raw pulls of 1,000, unnest upsert",
                    Role.LIMIT,
                    "bench.limits.stream",
                    "upsert",
                    Runtime.PEERS,
                    "fill",
                    count=count,
                ),
            ),
            targets=(AtLeast(0.8, "best peer"),),
            source="FastStream's rate is its own: no decoding, no database",
        ),
    ]
