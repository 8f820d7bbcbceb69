"""What somebody outside would write: a copy of a service's facts, kept by asking the feed and nothing else."""

import httpx
import orjson


class Mirror:
    """Position -> bytes. `after` is all that has to be remembered between two runs."""

    def __init__(self, limit: int = 7, after: int = 0) -> None:
        self.limit, self.after = limit, after
        self.kept: list[bytes] = []
        self.pages: list[str] = []

    async def follow(self, client: httpx.AsyncClient, upto: int, **asked: str) -> None:
        """Ask until so many positions are known."""
        while self.after < upto:
            params = {"after": str(self.after), "limit": str(self.limit), "wait": "5", **asked}
            answer = await client.get("/assignments/facts", params=params)
            assert answer.status_code == 200, answer.text
            self.pages.append(str(answer.url.query))
            page = orjson.loads(answer.content)
            assert page["after"] >= self.after
            self.kept += _pieces(answer.content, page["facts"])
            self.after = page["after"]


def _pieces(body: bytes, facts: list[object]) -> list[bytes]:
    """The very bytes of each fact in the answer: found by decoding one value after the other."""
    found, rest = [], body.removeprefix(b'{"facts":[')
    for fact in facts:
        # where one ends is where what was read so far is this fact
        end = rest.index(b'},{"specversion"') + 1 if b'},{"specversion"' in rest else rest.rindex(b"],")
        assert orjson.loads(rest[:end]) == fact
        found.append(rest[:end])
        rest = rest[end + 1 :]
    return found
