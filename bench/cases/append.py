"""Durable append, one fact a command: 1 to 512 callers, one process and two."""

from bench.subject import AtLeast, Group, Role, Runtime, Sizes, Subject, Target

CALLERS = (1, 8, 64, 512)


def case(sizes: Sizes) -> list[Group]:
    groups = [_group(callers, 1, _target(callers)) for callers in CALLERS]
    return [*groups, _group(64, 2, (AtLeast(4, "best peer"),))]


def _target(callers: int) -> tuple[Target, ...]:
    match callers:
        case 1:
            return (AtLeast(0.5, "limit"),)
        case 64:
            return (AtLeast(2, "best peer"),)
        case _:
            return ()


def _group(callers: int, processes: int, targets: tuple[Target, ...]) -> Group:
    alone = (_limit("one commit alone", "commit_alone", callers),) if callers == 1 else ()
    bare = _limit("bare group commit, one table", "append", callers)
    told = "caller" if callers == 1 else "callers"
    return Group(
        title=f"append: {callers} {told}" + (f" in each of {processes} processes" if processes > 1 else ""),
        subjects=(
            Subject(
                "ours",
                Role.OURS,
                "bench.ours",
                "append",
                setup="create",
                callers=callers,
                processes=processes,
            ),
            *peers(callers),
            *alone,
            bare,
        ),
        targets=targets,
        aside=frozenset({bare.name} if callers == 1 else ()),
        source="ours with request key, claim and dense positions in the same transaction; peers: one process",
    )


def _limit(name: str, step: str, callers: int) -> Subject:
    return Subject(name, Role.LIMIT, "bench.limits.group_commit", step, Runtime.PEERS, "setup", callers)


def peers(callers: int) -> tuple[Subject, ...]:
    def peer(name: str, module: str, runtime: Runtime = Runtime.PEERS, **extra: str) -> Subject:
        return Subject(name, Role.PEER, module, "append", runtime, "setup", callers, extra=extra)

    return (
        peer("eventsourcing", "bench.peers.eventsourcing_plain"),
        peer("eventsourcing, its database functions", "bench.peers.eventsourcing_plain", functions="y"),
        peer("UmaDB", "bench.peers.umadb_server"),
        peer("eventsource-py", "bench.peers.eventsource_py"),
        peer("Message DB", "bench.peers.message_db"),
        peer("Emmett", "emmett.mjs", Runtime.NODE),
    )
