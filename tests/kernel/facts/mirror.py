"""What somebody outside would write: a copy of a service's facts, kept by asking the feed and nothing else."""

import httpx
import msgspec


class Mirror:
    """The bytes in their order. `after` is all that has to be remembered between two runs."""

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
            page = _page.decode(answer.content)
            assert len(page.facts) == len(page.positions)
            assert [self.after, *page.positions, page.after] == sorted(
                [self.after, *page.positions, page.after]
            )
            self.kept += [bytes(fact) for fact in page.facts]
            self.after = page.after


class _Page(msgspec.Struct):
    facts: list[msgspec.Raw]
    positions: list[int]
    after: int


_page = msgspec.json.Decoder(_Page)
