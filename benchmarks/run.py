"""How long gitops-gen takes, beside what nothing at all and bare Jinja2 take on the same machine.

    python benchmarks/run.py [--format text|json] [--times N] [CLUSTERS...]

Every figure but the bare loop is the wall time of a whole process, the best of some runs: the best is what the
program needs, and the rest is what else the machine did. The fleets are made up: three environments, the two apps
of this repository, and as many clusters as asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (6, 100, 1000)
ENVIRONMENTS = {"dev": "557702566877", "staging": "111122223333", "production": "444455556666"}


@dataclass(frozen=True)
class Figures:
    """One fleet. Times in seconds."""

    clusters: int
    files: int
    cold: float
    """generate, where there is no output/ yet."""
    unchanged: float
    """generate, where there is nothing to write."""
    bare_jinja: float
    """The same templates and contexts through an environment of Jinja2 without sandbox, checks and files."""


def main() -> None:
    """Measures and prints."""
    arguments = _arguments()
    python = _best(arguments.times, lambda: _process("-c", "pass"))
    help_ = _best(arguments.times, lambda: _process("-m", "gitops_gen", "--help"))
    fleets = [_measure(clusters, arguments.times) for clusters in arguments.clusters or SIZES]
    if arguments.format == "json":
        print(json.dumps(_document(python, help_, fleets), indent=2))
    else:
        print("\n".join(_table(python, help_, fleets)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure gitops-gen.")
    parser.add_argument("clusters", nargs="*", type=int, help="how many clusters the fleets have")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--times", type=int, default=5, help="how often to measure; the best counts")
    return parser.parse_args()


def _measure(clusters: int, times: int) -> Figures:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_fleet(root, clusters)
        cold = _best(times, lambda: _generate(root), lambda: shutil.rmtree(root / "output", ignore_errors=True))
        unchanged = _best(times, lambda: _generate(root))
        files, bare = _bare_jinja(root)
    return Figures(clusters, files, cold, unchanged, bare)


def write_fleet(root: Path, clusters: int) -> None:
    """Writes the model of a made-up fleet: the apps and facts of this repository, on as many clusters as asked for."""
    from gitops_gen.aws import REGIONS

    shutil.copytree(PROJECT / "environments" / "apps", root / "environments" / "apps")
    shutil.copy(PROJECT / "environments" / "fleet.yaml", root / "environments")
    regions = [region for region, partition in REGIONS.items() if partition.name == "aws"]
    for stage, (environment, account) in enumerate(ENVIRONMENTS.items()):
        numbers = range(stage, clusters, len(ENVIRONMENTS))
        placed = zip(numbers, islice(cycle(regions), len(numbers)), strict=True)
        entries = "".join(_cluster(environment, number, region) for number, region in placed)
        protected = str(environment == "production").lower()
        text = f'stage: {stage + 1}\nprotected: {protected}\naccount_id: "{account}"\nclusters:\n{entries}'
        (root / "environments" / f"{environment}.yaml").write_text(text, encoding="utf-8")


def _cluster(environment: str, number: int, region: str) -> str:
    oidc_id = f"EXAMPLE{number:025d}"
    return f"""\
  - name: myapp-{environment}-{number:04d}
    region: {region}
    oidc_id: {oidc_id}
    server: https://{oidc_id}.gr7.{region}.eks.amazonaws.com
    ca_data: ZXhhbXBsZQ==
"""


def _generate(root: Path) -> None:
    _process("-m", "gitops_gen", "-C", str(root), "generate")


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


def _best(times: int, work: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    return min(_timed(work, before) for _ in range(times))


def _timed(work: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    before()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bare_jinja(root: Path) -> tuple[int, float]:
    """Returns how many files the fleet has, and the seconds that rendering alone takes with nothing around Jinja2."""
    from jinja2 import Environment, FileSystemLoader

    from gitops_gen.formats import FORMATS, encode_bare
    from gitops_gen.pipeline import open_project

    plan = open_project(root).plan
    work = [(artifact.spec.template, artifact.target.context(plan.fleet)) for artifact in plan.artifacts]
    environment = Environment(  # noqa: S701 - what comes out is YAML and HCL, and each value is encoded for it
        variable_start_string="<%=",
        variable_end_string="%>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        line_statement_prefix="#:",
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(PROJECT / "templates"),
    )
    environment.filters |= {each.name: each.encode for each in FORMATS.values()} | {"bare": encode_bare}

    def render() -> None:
        for template, context in work:
            environment.get_template(template).render(context)

    return len(work), _best(3, render)


def _document(python: float, help_: float, fleets: list[Figures]) -> dict[str, object]:
    return {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "system": platform.platform()},
        "seconds": {"python -c pass": round(python, 4), "gitops-gen --help": round(help_, 4)},
        "fleets": [{name: round(value, 4) for name, value in asdict(fleet).items()} for fleet in fleets],
    }


def _table(python: float, help_: float, fleets: list[Figures]) -> Iterator[str]:
    yield f"Python {platform.python_version()}, {os.cpu_count()} CPUs"
    yield f"python -c pass        {_milliseconds(python)}"
    yield f"gitops-gen --help     {_milliseconds(help_)}"
    yield ""
    yield f"{'clusters':>8} {'files':>7} {'cold':>11} {'unchanged':>11} {'bare Jinja2':>12}"
    for fleet in fleets:
        times = f"{_milliseconds(fleet.cold)} {_milliseconds(fleet.unchanged)}  {_milliseconds(fleet.bare_jinja)}"
        yield f"{fleet.clusters:8,} {fleet.files:7,} {times}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:8,.0f} ms"


if __name__ == "__main__":
    main()
