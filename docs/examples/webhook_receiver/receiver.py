"""Receives webhooks of facts: verified, each one once, answered at once, and worked on afterwards.

    WEBHOOK_SECRETS=whsec_... python receiver.py --port 8700 --into inbox.sqlite

While a secret is being rotated both are named, apart by a comma.
"""

import argparse
import json
import os
import sqlite3
import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 1_000_000
"""Bytes of a body; a fact has some hundreds."""


class Inbox:
    """What came, each webhook-id once, and what follows from it: the newest fact about each subject."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._lock, self._came = threading.Lock(), threading.Event()
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript("""
            CREATE TABLE IF NOT EXISTS inbox(
                id TEXT PRIMARY KEY, body BLOB NOT NULL, done INTEGER NOT NULL DEFAULT 0);
            CREATE INDEX IF NOT EXISTS to_do ON inbox(done) WHERE done = 0;
            CREATE TABLE IF NOT EXISTS newest(
                subject TEXT PRIMARY KEY, version INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
        """)
        threading.Thread(target=self._work, daemon=True).start()

    def take(self, webhook_id: str, body: bytes) -> bool:
        """Whether it is new. On disk when this returns: only then may the sender be told that we have it."""
        with self._lock:
            done = self._db.execute("INSERT OR IGNORE INTO inbox(id, body) VALUES (?, ?)", (webhook_id, body))
        self._came.set()
        return done.rowcount == 1

    def shown(self) -> dict[str, Any]:
        with self._lock:
            received, waiting = self._db.execute("SELECT count(*), sum(done = 0) FROM inbox").fetchone()
            types = dict(self._db.execute("SELECT type, count(*) FROM newest GROUP BY type ORDER BY type"))
        return {"received": received, "waiting": waiting or 0, "newest": types}

    def _work(self) -> None:
        """Off the sender's time. What was not done when we were killed is done at the next start."""
        while True:
            with self._lock:
                rows = self._db.execute("SELECT id, body FROM inbox WHERE done = 0 LIMIT 100").fetchall()
            for webhook_id, body in rows:
                with self._lock:
                    try:
                        self._do(webhook_id, json.loads(body))
                    except (KeyError, ValueError) as unknown:
                        # Signed, and not what we know: kept for somebody to look at, and nothing waits behind it.
                        self._db.execute("ROLLBACK") if self._db.in_transaction else None
                        self._db.execute("UPDATE inbox SET done = -1 WHERE id = ?", (webhook_id,))
                        print(f"set aside {webhook_id}: {unknown!r}", file=sys.stderr, flush=True)
            if not rows:
                self._came.wait()
                self._came.clear()

    def _do(self, webhook_id: str, event: dict[str, Any]) -> None:
        """The effect and the mark that it is done are one transaction, so there is one effect.

        Webhooks may come out of order. `streamversion` counts the facts about one subject, so an older one is known.
        """
        self._db.execute("BEGIN")
        self._db.execute(
            "INSERT INTO newest VALUES (?, ?, ?, ?) ON CONFLICT(subject) DO UPDATE SET version = excluded.version, "
            "type = excluded.type, data = excluded.data WHERE excluded.version > newest.version",
            (event["subject"], event["streamversion"], event["type"], json.dumps(event["data"])),
        )
        self._db.execute("UPDATE inbox SET done = 1 WHERE id = ?", (webhook_id,))
        self._db.execute("COMMIT")


def verified(secrets: Iterable[str], body: bytes, headers: dict[str, str]) -> bool:
    """Whether one of our secrets has signed exactly these bytes, in the last five minutes (or the next five)."""
    for secret in secrets:
        try:
            Webhook(secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):  # ValueError: headers that are no signature at all
            continue
        return True
    return False


def receiver(inbox: Inbox, secrets: list[str], port: int) -> ThreadingHTTPServer:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10  # seconds that a sender may stay silent

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or -1)
            if not 0 <= length <= LARGEST:
                self.close_connection = True
                self._answer(413)
                return
            # The signature is over the bytes as they came: verify first, and only then take them apart.
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not verified(secrets, body, headers):
                self._answer(401)
                return
            new = inbox.take(headers["webhook-id"], body)
            # A doublet is answered like the first one: the sender lost our answer, and would try again.
            self._answer(200, {"new": new})

        def do_GET(self) -> None:
            self._answer(200, inbox.shown())

        def _answer(self, status: int, shown: Any = None) -> None:
            content = json.dumps(shown).encode() if shown is not None else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing about each request."""

    return ThreadingHTTPServer(("127.0.0.1", port), Answering)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--port", type=int, default=8700)
    asked.add_argument("--into", type=Path, default=Path("inbox.sqlite"))
    said = asked.parse_args()
    secrets = [word for word in os.environ.get("WEBHOOK_SECRETS", "").split(",") if word]
    if not secrets:
        sys.exit("WEBHOOK_SECRETS is missing: `alongside webhooks add` prints it, once")
    server = receiver(Inbox(said.into), secrets, said.port)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
