"""A service small enough to watch being killed: reaches its database, then answers /ready and /status."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg


class Front(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = os.environ["STAND_IN"]
        ready = {"ready": True, "checks": {}}
        answers = {f"/{name}/health": {}, f"/{name}/ready": ready, f"/{name}/status": status(name)}
        found = answers.get(self.path)
        body = json.dumps(found).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


def status(name: str) -> dict[str, object]:
    checks = {"database": {"ok": True, "detail": f"process {os.getpid()}"}}
    return {
        "service": name,
        "region": os.environ["ALONGSIDE_REGION"],
        "ready": True,
        "checks": checks,
        "head": 7,
        "relay": {"position": 7, "lag_facts": 0, "lag_seconds": 0.0},
        "projections": [
            {"name": "one", "source": "own", "position": 5, "lag_facts": 2, "lag_seconds": 0.5, "parked": 1}
        ],
        "due": {"waiting": 0, "late_seconds": 0.0},
    }


def main() -> None:
    if os.environ.get("STAND_IN_DEAF"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    os.environ["STAND_IN"] = sys.argv[1]
    with psycopg.connect(os.environ["ALONGSIDE_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS stand_in (id int)")
    ThreadingHTTPServer(
        (os.environ["ALONGSIDE_HOST"], int(os.environ["ALONGSIDE_PORT"])), Front
    ).serve_forever()


if __name__ == "__main__":
    main()
