"""Which facts sessions listens to, and who in it listens."""

from services.sessions.subscriptions import sessions, timetables

PROJECTIONS = (*sessions.PROJECTIONS, *timetables.PROJECTIONS)
POLICIES = (*sessions.POLICIES, *timetables.POLICIES)
