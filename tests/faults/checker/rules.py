"""All promises, each a function from evidence to findings."""

from collections.abc import Callable, Iterable

from tests.faults.checker import (
    commands,
    effects,
    exclusivity,
    listeners,
    lives,
    log,
    notifications,
    read_models,
    regions,
    standing_in,
    streams,
)
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

Rule = Callable[[Evidence], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    log.positions_are_dense,
    log.versions_are_gapless,
    log.envelopes_are_whole,
    commands.accepted_commands_are_stored,
    commands.refused_commands_are_not,
    commands.unanswered_commands_are_whole_or_absent,
    commands.a_key_has_one_answer_and_one_effect,
    commands.no_fact_comes_from_nowhere,
    streams.each_fact_is_streamed_once_in_order,
    streams.messages_are_marked,
    listeners.everything_delivered_is_accounted_for,
    listeners.nothing_is_parked_without_need,
    effects.effects_have_one_cause_and_happen_once,
    effects.what_falls_due_is_done_once,
    notifications.who_should_hear_hears_once,
    notifications.what_was_requested_is_sent,
    notifications.no_mail_without_a_cause,
    exclusivity.one_primary_at_a_time,
    exclusivity.sessions_belong_to_assignments,
    standing_in.one_mentor_a_day,
    standing_in.whoever_stands_aside_is_stood_in_for,
    standing_in.who_agreed_to_cover_is_assigned,
    standing_in.handed_over_before_the_next,
    lives.every_session_lives_as_it_may,
    lives.every_notification_lives_as_it_may,
    read_models.read_models_tell_what_the_facts_tell,
    regions.nothing_crosses_the_region,
)


def check(evidence: Evidence) -> list[Finding]:
    """Everything that is not as promised; empty when all is well."""
    return [finding for rule in RULES for finding in rule(evidence)]
