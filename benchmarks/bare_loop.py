"""Plain Jinja2 on the templates and contexts of a fleet, and plain writes: no sandbox, no check of any kind.

    python -m benchmarks.bare_loop CONTEXTS TARGET

The values are encoded as gitops-gen encodes them, for without that the files would be others. Prints, as JSON, how
long reading the contexts took.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader

from benchmarks.fleets import PROJECT
from gitops_gen.formats import FORMATS, encode_bare

if TYPE_CHECKING:
    from benchmarks.contexts import Work


def main() -> None:
    """Reads, renders and writes."""
    contexts, target = map(Path, sys.argv[1:])
    wall, cpu = time.perf_counter(), time.process_time()
    work: Work = pickle.loads(contexts.read_bytes())  # noqa: S301 - this benchmark wrote it
    reading = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    write(work, target)
    print(json.dumps(reading))


def write(work: Work, target: Path) -> None:
    """Renders and writes every file below a folder that is not there yet."""
    environment = plain_environment()
    folders: set[str] = set()
    for template, path, context in work:
        text = environment.get_template(template).render(context)
        file = f"{target}/{path}"
        folder = file.rpartition("/")[0]
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - as below
            folders.add(folder)
        with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a Path costs more than the call
            stream.write(text)


def plain_environment() -> Environment:
    """Returns Jinja2 as it comes, with the delimiters of the templates and the filters that encode."""
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
        keep_trailing_newline=True,
        auto_reload=False,
        loader=FileSystemLoader(PROJECT / "templates"),
    )
    environment.filters |= {each.name: each.encode for each in FORMATS.values()} | {"bare": encode_bare}
    return environment


if __name__ == "__main__":
    main()
