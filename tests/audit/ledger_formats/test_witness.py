"""A witness judged as tlog-witness says, without HTTP: what it cosigns can never be two histories."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import Witness, seconds_of
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.merkle import EMPTY_ROOT, consistency_proof
from services.audit.ledger.formats.note import Signature, Signer, open_note, sign
from services.audit.witness import identity
from services.audit.witness.judging import SIZE, Answer, Judge
from services.audit.witness.record import InUse, Record
from services.audit.witness.request import Request
from tests.audit.ledger_formats.logs import ORIGIN, Log, log_of, witness_key

LOG = log_of(300)
FORK = Log(300, forked=50)
KEY = witness_key(1)
NOW = 1_800_000_000


def judging(directory: Path, *, now: Callable[[], int] = lambda: NOW, key: Signer = KEY) -> Judge:
    directory.mkdir(exist_ok=True)
    return Judge(Record(directory), key, [LOG.signer.verifier], now)


def asked(judge: Judge, old: int, new: int, *, log: Log = LOG, proof: list[bytes] | None = None) -> Answer:
    made = consistency_proof(log.hashes, old, new) if proof is None and old <= new else proof or []
    return judge.add_checkpoint(Request(old, tuple(made), log.note(new)).encode())


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[Judge]:
    record = Record(tmp_path)
    with record.held():
        yield judging(tmp_path)


def test_a_log_that_grows_is_cosigned_each_time(judge: Judge) -> None:
    for old, new in ((0, 10), (10, 11), (11, 256), (256, 300), (300, 300)):
        answer = asked(judge, old, new)
        assert (answer.status, answer.body[0], answer.body[-1]) == (200, "—", "\n")
        line = Signature.parse(answer.body.removesuffix("\n"))
        assert seconds_of(line) == NOW
        assert Witness(KEY.verifier).verify(LOG.checkpoint(new).text().encode(), line.signature)


def test_an_old_size_that_is_not_its_own_is_answered_with_its_own(judge: Judge) -> None:
    assert asked(judge, 5, 10) == Answer(409, "0\n", SIZE, "0")
    asked(judge, 0, 10)
    for old, new in ((0, 20), (9, 20), (11, 20), (0, 0), (5, 9)):
        answer = asked(judge, old, new)
        assert (answer.status, answer.body, answer.kind) == (409, "10\n", "text/x.tlog.size")


def test_a_rollback_is_refused(judge: Judge) -> None:
    asked(judge, 0, 100)
    assert asked(judge, 100, 99, proof=[]).status == 400
    assert asked(judge, 99, 99).status == 409
    assert judge.latest[ORIGIN] is not None
    assert asked(judge, 100, 100).status == 200


def test_a_fork_is_refused_and_both_histories_are_kept(judge: Judge, tmp_path: Path) -> None:
    asked(judge, 0, 100)
    same_size = asked(judge, 100, 100, log=FORK)
    assert (same_size.status, "two histories" in same_size.body) == (409, True)
    assert same_size.kind != SIZE
    assert asked(judge, 100, 200, log=FORK).status == 422
    assert asked(judge, 100, 200).status == 200
    accused = {file.name.partition("-")[0]: file for file in Record(tmp_path).accusations()}
    assert set(accused) == {"100", "200"}
    shown = Request.decode(accused["100"].read_bytes()).note
    cosigned = accused["100"].with_suffix(".cosigned").read_bytes()
    roots = {Checkpoint.parse(open_note(each, [LOG.signer.verifier]).text).root for each in (shown, cosigned)}
    assert roots == {LOG.checkpoint(100).root, FORK.checkpoint(100).root}


def test_a_proof_that_proves_nothing_is_refused(judge: Judge) -> None:
    assert asked(judge, 0, 10, proof=[b"x" * 32]).status == 422
    asked(judge, 0, 10)
    assert asked(judge, 10, 20, proof=[]).status == 422
    assert asked(judge, 10, 20, proof=consistency_proof(LOG.hashes, 9, 20)).status == 422
    assert asked(judge, 10, 10, proof=[b"x" * 32]).status == 422
    assert judge.latest[ORIGIN] is not None
    assert asked(judge, 10, 20).status == 200


def test_the_empty_log_has_one_root(judge: Judge) -> None:
    false = sign(Checkpoint(ORIGIN, 0, b"r" * 32).text(), LOG.signer)
    assert judge.add_checkpoint(Request(0, (), false).encode()).status == 409
    assert LOG.checkpoint(0).root == EMPTY_ROOT
    assert asked(judge, 0, 0).status == 200
    assert asked(judge, 0, 5).status == 200


def test_unknown_logs_and_false_signatures_are_told_apart(judge: Judge) -> None:
    stranger = Log(10, origin="stranger.example")
    assert asked(judge, 0, 10, log=stranger).status == 404
    forged = sign(LOG.checkpoint(10).text(), stranger.signer, Signer(ORIGIN, b"n" * 32))
    assert judge.add_checkpoint(Request(0, (), forged).encode()).status == 403
    also_signed = sign(LOG.checkpoint(10).text(), stranger.signer, LOG.signer)
    assert judge.add_checkpoint(Request(0, (), also_signed).encode()).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n" + LOG.note(10),
        b"old -0\n\n" + LOG.note(10),
        b"old  0\n\n" + LOG.note(10),
        b"0\n\n" + LOG.note(10),
        b"old 0\r\n\r\n" + LOG.note(10),
        b"old " + b"9" * 5_000 + b"\n\n" + LOG.note(10),
        b"old 0\nAAAA\n\n" + LOG.note(10),
        Request(0, (b"x" * 32,) * 64, LOG.note(10)).encode(),
        b"old 0\n\n" + LOG.note(10)[:-1],
        b"old 0\n\n" + sign("a note\nof something\nelse\n", LOG.signer),
        b"\xff" + Request(0, (), LOG.note(10)).encode(),
    ],
)
def test_what_is_no_request_is_refused(judge: Judge, body: bytes) -> None:
    assert judge.add_checkpoint(body).status == 400
    assert judge.latest[ORIGIN] is None


def test_what_was_cosigned_is_on_disk_before_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = judging(tmp_path)
    asked(judge, 0, 10)

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr("services.audit.witness.disk.write", full)
        with pytest.raises(OSError, match="no space"):
            asked(judge, 10, 20)
    assert asked(judge, 10, 30).status == 200
    assert judging(tmp_path).latest == judge.latest


def test_a_witness_that_starts_again_goes_on_where_it_was(tmp_path: Path) -> None:
    asked(judging(tmp_path), 0, 100)
    again = judging(tmp_path)
    assert asked(again, 0, 50, log=FORK).body == "100\n"
    assert asked(again, 100, 100, log=FORK).status == 409
    assert asked(again, 100, 150).status == 200


def test_its_times_never_go_back(tmp_path: Path) -> None:
    asked(judging(tmp_path), 0, 10)
    set_back = judging(tmp_path, now=lambda: NOW - 1_000)
    line = Signature.parse(asked(set_back, 10, 20).body.removesuffix("\n"))
    assert seconds_of(line) == NOW


def test_a_changed_memory_is_not_believed(tmp_path: Path) -> None:
    asked(judging(tmp_path), 0, 100)
    (file,) = tmp_path.glob("*.checkpoint")
    for changed in (LOG.note(50), b"", file.read_bytes().replace(b"\n100\n", b"\n10\n")):
        file.write_bytes(changed)
        with pytest.raises(Malformed):
            judging(tmp_path)


def test_the_memory_of_one_log_is_not_that_of_another(tmp_path: Path) -> None:
    other = Log(10, origin="other.example")
    first = Judge(Record(tmp_path), KEY, [LOG.signer.verifier, other.signer.verifier], lambda: NOW)
    asked(first, 0, 100)
    asked(first, 0, 10, log=other)
    one, two = tmp_path.glob("*.checkpoint")
    kept = one.read_bytes(), two.read_bytes()
    two.write_bytes(kept[0])
    one.write_bytes(kept[1])
    with pytest.raises(Malformed, match="another log"):
        judging(tmp_path)


def test_one_directory_is_one_witness(tmp_path: Path) -> None:
    with Record(tmp_path).held(), pytest.raises(InUse), Record(tmp_path).held():
        raise AssertionError("held twice")
    with Record(tmp_path).held():
        pass


def test_a_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "state" / "key"
    made = identity.make(file, "witness.example/new")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert identity.read(file) == made
    with pytest.raises(FileExistsError):
        identity.make(file, "witness.example/new")
    file.chmod(0o640)
    with pytest.raises(Malformed, match="read by others"):
        identity.read(file)


def test_of_requests_at_the_same_time_one_is_cosigned(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        for turn in range(10):
            judge = judging(tmp_path / str(turn))
            asked(judge, 0, 60)
            start = threading.Barrier(4)

            def ask(new: int, log: Log, judge: Judge = judge, start: threading.Barrier = start) -> Answer:
                start.wait()
                return asked(judge, 60, new, log=log)

            sizes = [(61, LOG), (90, LOG), (120, LOG), (300, LOG)]
            statuses = sorted(each.status for each in threads.map(lambda pair: ask(*pair), sizes))
            assert statuses == [200, 409, 409, 409]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), st.booleans(), st.booleans()), max_size=12))
def test_whatever_is_asked_all_that_is_cosigned_is_one_history(
    tmp_path_factory: pytest.TempPathFactory, questions: list[tuple[int, int, bool, bool]]
) -> None:
    judge = judging(tmp_path_factory.mktemp("witness"))
    cosigned: list[Checkpoint] = []
    for old, new, forked, right in questions:
        latest = judge.latest[ORIGIN]
        from_size = latest.checkpoint.size if latest and right else old
        log = FORK if forked else LOG
        if asked(judge, from_size, new, log=log).status == 200:
            cosigned.append(log.checkpoint(new))
    assert [each.size for each in cosigned] == sorted(each.size for each in cosigned)
    assert any(all(each == log.checkpoint(each.size) for each in cosigned) for log in (LOG, FORK))
