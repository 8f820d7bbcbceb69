"""./alongside training import-completions, against a service that answers over HTTP."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from services.training.verbs import training

FLAW = {"line": 4, "column": "mentor", "value": "nobody@example.org", "reason": "is no mentor of this region"}
REPORT = {"read": 3, "recorded": 2, "unchanged": 0, "rejected_rows": 1, "rejected": [FLAW], "position": 9}


class Answering(BaseHTTPRequestHandler):
    """Answers what the test says, and keeps what it was asked."""

    status: ClassVar[int] = 200
    answer: ClassVar[dict[str, Any]] = REPORT
    asked: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    Answering.status, Answering.answer, Answering.asked = 200, REPORT, []
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/training"
    described = {
        "region": "uk-london",
        "services": {"training": {"url": url, "database_url": "postgresql://"}},
    }
    (tmp_path / "run.json").write_text(json.dumps(described))
    (tmp_path / "file.csv").write_bytes("mentor\nZo\xeb".encode("cp1252"))
    yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def run(data: Path, *words: str) -> Any:
    return CliRunner().invoke(
        training, ["import-completions", str(data / "file.csv"), "--data", str(data), *words]
    )


def test_the_bytes_are_sent_as_they_are_and_the_report_is_shown(data: Path) -> None:
    answer = run(data)
    assert Answering.asked == [
        (
            "/training/completions/import",
            "Bearer dev:operator:uk-london:cli",
            "mentor\nZo\xeb".encode("cp1252"),
        )
    ]
    assert answer.exit_code == 1, "rows were rejected"
    assert "3 read: 2 recorded, 0 unchanged, 1 rejected" in answer.output
    assert "is no mentor of this region" in answer.output
    assert json.loads(run(data, "--json").output) == REPORT


def test_when_all_went_in_it_ends_well(data: Path) -> None:
    Answering.answer = {**REPORT, "rejected_rows": 0, "rejected": []}
    assert run(data).exit_code == 0


def test_a_refusal_is_told_and_so_is_that_nothing_runs(data: Path) -> None:
    Answering.status, Answering.answer = 422, {"detail": "the file has no column mentor"}
    answer = run(data)
    assert (answer.exit_code, "no column mentor" in answer.output) == (1, True)
    (data / "run.json").unlink()
    assert run(data).exit_code == 4
