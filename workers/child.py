"""`python -m workers.child JOB FENCE`: the process that does the work of a claim."""

from collections.abc import Mapping

from workers.attempt import Work, attempt
from workers.drift import check_drift
from workers.ledger import judge_promises
from workers.retention import forget_expired
from workers.scoring import score_everyone
from workers.training import train

WORK: Mapping[str, Work] = {
    "TRAINING": train,
    "DRIFT": check_drift,
    "SCORING": score_everyone,
    "LEDGER": judge_promises,
    "RETENTION": forget_expired,
}

if __name__ == "__main__":
    attempt(WORK)
