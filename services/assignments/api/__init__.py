"""HTTP in, commands and questions out; one file per resource."""

from services.assignments.api import assignments, children, mentors, offers, schools, support_requests

routers = (
    schools.router,
    support_requests.router,
    children.router,
    mentors.router,
    offers.router,
    assignments.router,
)
