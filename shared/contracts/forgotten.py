"""What a service records when it has forgotten somebody: every service publishes its own."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact
from shared.contracts.words.records import ErasureId


class Forgotten(Fact):
    """Caches are empty and read models hold nothing any more of what was erased. It names nobody."""

    erasure_id: ErasureId
    rows: Annotated[int, Field(description="rows of read models in which something was blotted out")]
    tables: Annotated[
        dict[str, int], Field(description="the same by table; those beside the live ones have their schema")
    ]
    forgotten_at: Annotated[AwareDatetime, Field(description="when it was done")]
