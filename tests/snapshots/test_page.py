"""What the page about snapshots shows is what happens."""

import asyncio
from pathlib import Path

import pytest

from deploy.snapshots.deriving import derive
from tests.docs.pages import ROOT, blocks
from tests.snapshots.region import ANALYSTS, Region, leaving
from tests.support.people import SCHOOL

PAGE = ROOT / "docs" / "integrators" / "snapshots.md"


def test_the_question_of_the_page_is_answered(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def taken() -> None:
        await region.record("sessions", *leaving("sessions"))
        await region.taker(tmp_path / "council").take("parquet")

    asyncio.run(taken())
    derive(tmp_path / "council")
    monkeypatch.chdir(tmp_path)
    [question] = [block for block in blocks(PAGE) if block.language == "python"]
    exec(compile(question.text, question.place, "exec"), {})
    minutes, statuses = capsys.readouterr().out.splitlines()
    assert f"{{'school_id': '{ANALYSTS.of_id(str(SCHOOL))}'" in minutes
    assert "'count_all': 1" in statuses
