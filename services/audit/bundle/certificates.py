"""Certificates of erasure: what they say the services acknowledged must be among the facts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.audit.bundle.report import Report
from services.audit.bundle.sequence import Producer
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf

CERTIFIED, FORGOTTEN = "audit.ErasureCertified.", ".SubjectForgotten."
_MARKS = (CERTIFIED.encode(), FORGOTTEN.encode())


@dataclass
class Certificates:
    """Collects certificates and acknowledgements; facts of all other kinds are passed by at no cost."""

    _certified: list[tuple[int, str, Mapping[str, Any]]] = field(default_factory=list)
    _forgotten: dict[tuple[str, int], Any] = field(default_factory=dict)

    def look_at(self, index: int, leaf: Leaf, blob: bytes) -> None:
        if _MARKS[0] not in blob and _MARKS[1] not in blob:
            return
        try:
            fact = json.loads(blob)
            kind, data = str(fact["type"]), fact["data"]
            if kind.startswith(CERTIFIED) and leaf.source.endswith("/audit"):
                self._certified.append((index, leaf.source.removesuffix("audit"), data))
            elif FORGOTTEN in kind:
                self._forgotten[leaf.source, leaf.position] = data["erasure_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return  # somebody's words, and no certificate

    def judge(self, producers: Mapping[str, Producer], report: Report) -> None:
        """Reports BAD CERTIFICATE for each that says more than the facts in the bundle do.

        An acknowledgement from before the bundle begins can't be looked at, and is passed over.
        """
        for index, region, certificate in self._certified:
            try:
                erasure, told = certificate["erasure_id"], certificate["acknowledged"]
                said = [(f"{region}{one['service']}", int(one["position"])) for one in told]
            except (KeyError, TypeError, ValueError):
                report.add(Finding.BAD_CERTIFICATE, index, "it does not say who acknowledged what")
                continue
            if not said:
                report.add(Finding.BAD_CERTIFICATE, index, "nobody acknowledged the erasure")
            for source, position in said:
                if self._forgotten.get((source, position)) == erasure:
                    continue
                if self._is_before(producers.get(source), position):
                    continue
                detail = f"{source} {position} is no acknowledgement of this erasure"
                report.add(Finding.BAD_CERTIFICATE, index, detail)
            report.certificates += 1

    @staticmethod
    def _is_before(producer: Producer | None, position: int) -> bool:
        return producer is None or (producer.first is not None and position < producer.first)
