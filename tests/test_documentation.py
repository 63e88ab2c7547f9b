"""What the documentation names is there: pages, links, files, names in the code, and commands of benchmarks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from store.settings import Settings

ROOT = Path(__file__).parents[1]
PACKAGES = "engine|schema|server|store|workers|migrations|benchmarks"
FOLDERS = (*PACKAGES.split("|"), "docs", "tests")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
FILE = re.compile(rf"`((?:{PACKAGES}|docs|tests|web)/[\w./-]*)`")
NAME = re.compile(rf"`((?:{PACKAGES})(?:\.\w+)+)`")
COMMAND = re.compile(r"python -m (benchmarks[.\w]*\w)")
TO_BE_MADE = {"engine/recommenders/debt_strategy.py", "server/static/"}
"""By who adds a category, and by `make assets`: a fresh clone has neither."""


def written(*endings: str) -> Iterator[tuple[str, str]]:
    """The files of the project that end so, and what stands in them."""
    for path in (*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*"))):
        if path.name.endswith(endings):
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def linked(page: Path) -> Iterator[Path]:
    """Where the links of a page lead on this machine; a folder stands for its pages."""
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            there = (page.parent / target).resolve()
            yield from (there.glob("*.md") if there.is_dir() else (there,))


def is_defined(name: str) -> bool:
    """Whether a dotted name is a module, or is given a meaning in one."""
    place, parts = ROOT, name.split(".")
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    if parts and (place / f"{parts[0]}.py").is_file():
        place /= f"{parts.pop(0)}.py"
    module = place / "__init__.py" if place.is_dir() else place
    given = rf"^(?:(?:async )?def|class)? ?{parts[0]}\b" if parts else ""
    return not parts or (module.is_file() and re.search(given, module.read_text("utf-8"), re.MULTILINE) is not None)


def is_command(module: str) -> bool:
    """Whether `python -m` runs it."""
    place = ROOT / module.replace(".", "/")
    script = place / "__main__.py" if place.is_dir() else place.with_suffix(".py")
    return script.is_file() and '__name__ == "__main__"' in script.read_text("utf-8")


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


def test_every_file_that_a_page_names_is_there() -> None:
    named = {(page, file) for page, text in written(".md") for file in FILE.findall(text)}
    assert len(named) > 30
    assert [(page, file) for page, file in named if file not in TO_BE_MADE and not (ROOT / file).exists()] == []


def test_every_name_of_the_code_that_a_text_tells_is_defined_there() -> None:
    told = {(where, name) for where, text in written(".md", ".py", ".txt") for name in NAME.findall(text)}
    assert len(told) > 30
    assert sorted((where, name) for where, name in told if not is_defined(name)) == []


def test_every_command_of_a_benchmark_that_is_told_can_be_run() -> None:
    told = {(where, name) for where, text in written(".md", ".py", ".json") for name in COMMAND.findall(text)}
    assert len(told) > 30
    assert sorted((where, name) for where, name in told if not is_command(name)) == []


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_of_make_bench_can_be_run(name: str) -> None:
    assert is_command(f"benchmarks.{name}")


def test_every_setting_is_described_where_deployment_is() -> None:
    page = (ROOT / "docs/deployment.md").read_text("utf-8")
    names = [str(field.validation_alias or f"FINREC_{name.upper()}") for name, field in Settings.model_fields.items()]
    assert [name for name in names if f"`{name}`" not in page] == []
