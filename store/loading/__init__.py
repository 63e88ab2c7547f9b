"""Files and frames of household data, checked row by row and written by COPY."""

from store.loading.files import load_file
from store.loading.report import Counts, LoadReport, Progress

__all__ = ["Counts", "LoadReport", "Progress", "load_file"]
