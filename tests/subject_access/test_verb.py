"""./alongside subject-access, against a service that answers over HTTP."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import typer
from typer.testing import CliRunner

from services.audit.records.access_files import packed
from services.audit.records.access_verbs import subject_access
from tests.support.people import CHILD

FILES = {"record.html": b"<!doctype html>", "proofs/sessions-1.leaf": b"leaf\n", "SHA256SUMS": b"none\n"}
DIGEST = sha256(FILES["SHA256SUMS"]).hexdigest()

app = typer.Typer()
app.command()(subject_access)


class Answering(BaseHTTPRequestHandler):
    """Answers what the test says, and keeps what it was asked."""

    status: ClassVar[int] = 201
    answer: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    archive = base64.b64encode(packed(FILES)).decode()
    Answering.status, Answering.asked = 201, []
    Answering.answer = {"archive": archive, "sha256": DIGEST, "disclosure_id": "d", "facts_in_it": 1}
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    audit = {"url": f"http://127.0.0.1:{server.server_port}/audit", "database_url": "postgresql://"}
    (tmp_path / "run.json").write_text(json.dumps({"region": "uk-london", "services": {"audit": audit}}))
    yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def run(data: Path, *words: str) -> Any:
    return CliRunner().invoke(app, ["--data", str(data), "--out", str(data / "copy"), *words])


def test_the_record_is_written_into_a_folder_that_others_cannot_open(data: Path) -> None:
    done = run(data, "--child", str(CHILD), "--to", "parent")
    assert done.exit_code == 0, done.output
    assert Answering.asked == [{"child_id": str(CHILD), "mentor_id": None, "disclosed_to": "parent"}]
    assert {name: (data / "copy" / name).read_bytes() for name in FILES} == FILES
    assert (data / "copy").stat().st_mode & 0o077 == 0
    assert DIGEST in done.output


def test_what_arrived_otherwise_than_it_was_recorded_is_said(data: Path) -> None:
    Answering.answer = {**Answering.answer, "sha256": "0" * 64}
    done = run(data, "--child", str(CHILD))
    assert (done.exit_code, "is not what was recorded" in done.output) == (1, True)


def test_one_person_and_a_new_folder(data: Path) -> None:
    assert run(data).exit_code == 2
    assert run(data, "--child", str(CHILD), "--mentor", str(CHILD)).exit_code == 2
    (data / "copy").mkdir()
    assert run(data, "--child", str(CHILD)).exit_code == 2
    assert Answering.asked == []


def test_a_refusal_is_told_in_the_services_words(data: Path) -> None:
    Answering.status, Answering.answer = 403, {"detail": "an auditor may not do this"}
    done = run(data, "--child", str(CHILD))
    assert (done.exit_code, "an auditor may not do this" in done.output) == (1, True)
    assert not (data / "copy").exists()
