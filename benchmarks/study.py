"""Where the study data are, which never enter the repository, and where figures computed from them go."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRIORS = ROOT / "engine" / "priors"
SCF_SOURCE = "Board of Governors of the Federal Reserve System, Survey of Consumer Finances 2019, summary extract"
STUDY_DATA = Path(os.environ.get("FINREC_STUDY_DATA", ROOT.parent / "shared" / "data"))


def study_data(place: int = 1) -> Path:
    """The folder: the argument at this place, else FINREC_STUDY_DATA, else `../shared/data` beside the repository."""
    return Path(sys.argv[place]) if len(sys.argv) > place else STUDY_DATA
