"""The cases, by the name the command line knows them under."""

from bench.cases import (
    append,
    audit_verify,
    catch_up,
    fan_out,
    feed,
    http_command,
    ordered_read,
    rebuild,
    relay_backlog,
    sse,
    visible,
    webhooks,
)
from bench.subject import Case

CASES: dict[str, Case] = {
    "append": append.case,
    "http": http_command.case,
    "relay": relay_backlog.case,
    "catch-up": catch_up.case,
    "read": ordered_read.case,
    "rebuild": rebuild.case,
    "visible": visible.case,
    "audit-verify": audit_verify.case,
    "fan-out": fan_out.case,
    "feed": feed.case,
    "sse": sse.case,
    "webhooks": webhooks.case,
}
