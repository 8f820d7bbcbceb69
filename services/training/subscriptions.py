"""Which facts training listens to, and who in it listens."""

from typing import get_args

from services.training.badges.projection import Certified, badges
from services.training.policies.assigning import assign_programme, assign_renewal, leave_courses
from services.training.policies.certifying import certify, certify_by_waiver
from services.training.projections.courses import CourseTold, courses, programmes
from services.training.projections.enrolments import EnrolmentTold, enrolments
from services.training.projections.evidence import Shown, evidence
from services.training.projections.falling_due import Ends, falling_due
from services.training.projections.history import EVIDENCED, history
from services.training.projections.mentors import Stands, mentors
from services.training.read_model.enrolments import open_enrolments_of, renewal_of, validity_of, wanted_of
from services.training.xapi.looking import completed_by, rests_on_voided, taking_of
from services.training.xapi.policy import learn, unlearn, unlearn_late
from services.training.xapi.projection import LEARN, Ended, Stated, learned, statements
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.training.certification import CertificationGranted, CertificationWindowOpened
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.contracts.training.programme import ProgrammeSet
from shared.kernel.projection import NO_CLASS, Policy, Projection

PROJECTIONS = (
    Projection("courses", get_args(CourseTold), ("courses",), courses),
    Projection("programmes", (ProgrammeSet,), ("programmes",), programmes),
    Projection("enrolments", get_args(EnrolmentTold), ("enrolments",), enrolments),
    Projection("evidence", get_args(Shown), ("evidence",), evidence),
    Projection("history", EVIDENCED, ("history",), history),
    Projection("mentors", get_args(Stands), ("mentors",), mentors),
    Projection("falling_due", get_args(Ends), ("due",), falling_due, opens=NO_CLASS),
    Projection("statements", get_args(Stated), ("statements",), statements, opens=NO_CLASS),
    Projection("learned", get_args(Ended), ("learned",), learned, opens=NO_CLASS),
    Projection("badges", get_args(Certified), ("badges",), badges, opens=NO_CLASS),
)

POLICIES = (
    Policy("certify", (TrainingCompleted,), certify, validity_of),
    Policy("certify_by_waiver", (TrainingWaived,), certify_by_waiver, validity_of),
    Policy("assign_programme", (MentorEngaged,), assign_programme, wanted_of, opens=NO_CLASS),
    Policy("assign_renewal", (CertificationWindowOpened,), assign_renewal, renewal_of),
    Policy("leave_courses", (MentorLeft,), leave_courses, open_enrolments_of),
    Policy(LEARN, (LearningStated,), learn, taking_of, opens=NO_CLASS),
    Policy("unlearn", (LearningVoided,), unlearn, completed_by, opens=NO_CLASS),
    Policy("unlearn_late", (CertificationGranted,), unlearn_late, rests_on_voided, opens=NO_CLASS),
)
