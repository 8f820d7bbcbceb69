"""An auditor's verify of a region's bundle, on one core: a million facts in about two minutes."""

from bench.subject import AtLeast, Group, RateAtLeast, Role, Sizes, Subject

WANTED = 1_000_000 / 130


def case(sizes: Sizes) -> list[Group]:
    count = sizes.log
    return [
        Group(
            title=f"audit verify: a bundle of {count:,} facts, one process",
            subjects=(
                Subject("ours", Role.OURS, "bench.ours", "audit_verify", setup="make_bundle", count=count),
                Subject(
                    "a digest and an Ed25519 signature for each fact, and nothing else",
                    Role.LIMIT,
                    "bench.limits.signatures",
                    "verify",
                    count=min(count, 20_000),
                ),
            ),
            targets=(AtLeast(0.75, "limit"), RateAtLeast(WANTED)),
        )
    ]
