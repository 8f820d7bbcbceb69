"""A report with personal text is for who may see it, and says after an erasure why it is not the same."""

from typing import Any

import orjson
from sqlalchemy import text

from services.audit.main import service
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.sealer import Sealer
from tests.audit.history import keep
from tests.audit.reports.test_reports import AUDITOR, NOW, history, issued, rebuilt
from tests.support.people import CHILD
from tests.support.served import SECRET, Served, served

INVESTIGATION = {"Alongside-Purpose": "investigation"}


async def test_a_report_outlives_an_erasure_but_for_the_text_of_who_was_erased(database_url: str) -> None:
    keyring = DerivedKeyring(SECRET)
    sealer = Sealer(keyring, seconds=0)
    async with served(service, database_url, NOW, sealer) as audit:
        await keep(database_url, history())
        blind = await issued(audit, "child-timeline")
        audit.client.headers.update(INVESTIGATION)
        open_ = await issued(audit, "child-timeline")
        assert "Ada Hartley" in await given_out(audit, open_)
        assert (await rebuilt(audit, open_))["identical"]
        async with audit.running.engine.connect() as connection:
            kept = (await connection.execute(text("SELECT body FROM reports"))).scalars()
            assert not any(b"Ada" in bytes(body) for body in kept)
        del audit.client.headers["Alongside-Purpose"]
        assert "Ada Hartley" not in await given_out(audit, blind)
        refused = await audit.get(f"/reports/{open_['report_id']}", **AUDITOR)
        assert (refused.status_code, refused.json()["code"]) == (403, "withheld")

        await keyring.destroy(CHILD, ["profile", "casework"])
        assert (await rebuilt(audit, blind))["identical"]
        audit.client.headers.update(INVESTIGATION)
        found = await rebuilt(audit, open_)
        assert (found["identical"], found["differs"]) == (False, [])
        assert [why.partition(":")[0] for why in found["why"]] == ["erased"]
        gone = await audit.get(f"/reports/{open_['report_id']}", **AUDITOR)
        assert (gone.status_code, gone.json()["code"]) == (409, "not_identical")


async def given_out(audit: Served, report: dict[str, Any]) -> str:
    answer = await audit.get(f"/reports/{report['report_id']}", **AUDITOR)
    assert answer.status_code == 200, answer.text
    assert orjson.loads(answer.content)["kind"] == "child-timeline"
    return answer.text
