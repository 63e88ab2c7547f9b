"""Every page of the documentation is found from the README, and every link in it leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def linked(page: Path) -> Iterator[Path]:
    """Where the links of a page lead on this machine; a folder stands for its pages."""
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            there = (page.parent / target).resolve()
            yield from (there.glob("*.md") if there.is_dir() else (there,))


def test_every_page_is_found_from_the_readme_and_no_link_is_broken() -> None:
    seen: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        assert page.exists(), page
        if page.suffix == ".md" and page not in seen:
            seen.add(page)
            ahead += linked(page)
    assert {*(ROOT / "docs").rglob("*.md")} <= seen
