"""The story on a terminal."""

import re

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from deploy.demo.claims import Chapter, Claim, Exchange
from deploy.demo.story import MOST_SHOWN

IDS = re.compile(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Terminal:
    """Tells the story as it happens."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._bar: TaskID | None = None

    def chapter(self, chapter: Chapter) -> None:
        self._console.print()
        self._console.rule(f"[bold]{chapter.number}  {escape(chapter.title)}", align="left")

    def exchange(self, exchange: Exchange) -> None:
        colour = "green" if exchange.status < 300 else "yellow"
        asked = IDS.sub(r"\1…", exchange.asked)
        self._indented(f"[dim]{escape(exchange.who)}[/dim]  {escape(asked)}", 2)
        self._indented(f"[{colour}]{exchange.status}[/{colour}] {escape(exchange.answered)}", 6)

    def claim(self, claim: Claim) -> None:
        sign = "[green]✓[/green]" if claim.held else "[bold red]✗[/bold red]"
        self._indented(f"{sign} {escape(claim.claim)}", 2)
        if not claim.held:
            self._indented(f"[red]{escape(str(claim.seen)[:MOST_SHOWN])}[/red]", 6)

    def say(self, text: str) -> None:
        self._indented(f"[italic]{escape(text)}[/italic]", 2)

    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None:
        drawn = Table(*columns, title=title or None, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for row in rows:
            drawn.add_row(*(IDS.sub(r"\1…", escape(cell)) for cell in row))
        self._console.print(Padding(drawn, (0, 0, 0, 4)))

    def progress(self, text: str, done: int, total: int) -> None:
        """A bar that is made on the first call and goes away with the last one, when `done` is `total`."""
        if self._progress is None:
            columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"))
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._bar = self._progress.add_task(text, total=total)
            self._progress.start()
        assert self._bar is not None
        self._progress.update(self._bar, description=text, completed=done, total=total)
        if done >= total:
            self._progress.stop()
            self._progress = self._bar = None

    def _indented(self, markup: str, by: int) -> None:
        self._console.print(Padding(Text.from_markup(markup), (0, 0, 0, by)))

    def close(self) -> None:
        """Leave the terminal as it was, also when the story broke off."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


class Silence:
    """Tells nobody."""

    def chapter(self, chapter: Chapter) -> None: ...
    def exchange(self, exchange: Exchange) -> None: ...
    def claim(self, claim: Claim) -> None: ...
    def say(self, text: str) -> None: ...
    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None: ...
    def progress(self, text: str, done: int, total: int) -> None: ...
    def close(self) -> None: ...
