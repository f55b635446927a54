"""The functions of a course, asked with the figures that a test is about; what it says nothing of has no say."""

from dataclasses import fields

from greenreport import progress
from greenreport.progress import Course

UNSAID = {
    "base_year": 2000, "base_value": 1.0, "current_year": 2001, "current_value": 1.0, "target_year": 2002,
    "target_value": 1.0, "direction": "up",
}  # fmt: skip


def _of_course(method):
    def ask(**given):
        names = {f.name for f in fields(Course)}
        course = Course(**UNSAID | {name: value for name, value in given.items() if name in names})
        return method(course, **{name: value for name, value in given.items() if name not in names})

    return ask


anticipated_progress_index = _of_course(progress.anticipated_progress_index)
cagr_ratio = _of_course(progress.cagr_ratio)
completion = _of_course(progress.completion)
current_status_index = _of_course(progress.current_status_index)
linear_ratio = _of_course(progress.linear_ratio)
paces = _of_course(progress.paces)
progress_chart = _of_course(progress.progress_chart)
schedule = _of_course(progress.schedule)
targeted_change = _of_course(progress.targeted_change)
time_share = _of_course(progress.time_share)
