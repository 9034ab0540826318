"""Helm's engine, asked by another process: what a chart takes beyond all measure, or breaks, ends with this one.

This is run as a program: it takes questions from its standard input, one after the other, and writes the answers to its
standard output, each as a line of JSON. It ends when there is nobody any more who asks, whatever it is at. Nothing of
this package is loaded: what there is to know comes with the first argument.

Source: helm-python-sdk 0.2.2 with Helm v4.2.3, which renders as `helm template` does: without a cluster, so that
`lookup` finds nothing and the capabilities are the engine's own.
"""

from __future__ import annotations

import _thread
import base64
import json
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from helm_python import Chart


def read_values(text: str) -> object:
    """Returns a values file as Helm reads it."""
    return helm_python.values_from_yaml(text)


def read_parameter(stated: str, *, is_text: bool) -> object:
    """Returns what `--set` makes of a text, or `--set-string`."""
    parse = helm_python.parse_set_string_values if is_text else helm_python.parse_set_string
    return parse(stated)


def render(
    values: Mapping[str, object], *, release: str, namespace: str, with_values: bool, **chart: str
) -> tuple[object, ...]:
    """Returns what each template says, the parts that are switched on and, if asked for, all values.

    Helm takes the parts that the values switch off out of a chart that is loaded, so that each release loads its own.
    """
    with _loaded(**chart) as loaded:
        texts = loaded.render(dict(values), name=release, namespace=namespace)
        merged = loaded.merge_values(dict(values)) if with_values else {}
        return texts, [each["name"] for each in loaded.dependencies], merged


def metadata(**chart: str) -> tuple[object, ...]:
    """Returns what a chart says of itself, and what each chart in its charts/ does."""
    with _loaded(**chart) as loaded:
        return loaded.metadata, loaded.dependencies


def build_dependencies(folder: str) -> None:
    """Puts the charts that a chart names by file:// into its charts/."""
    helm_python.dependency_build(folder, skip_refresh=True)


def packed(into: str, **chart: str) -> str:
    """Writes the archive of a chart into a folder, and returns it."""
    with _loaded(**chart) as loaded:
        path: str = loaded.save(into)
        return path


_ANSWERED: Mapping[str, Callable[..., object]] = {
    each.__name__: each for each in (read_values, read_parameter, render, metadata, build_dependencies, packed)
}


def _loaded(folder: str = "", archive: str = "") -> AbstractContextManager[Chart]:
    chart: AbstractContextManager[Chart] = (
        helm_python.Chart.load_archive(base64.b64decode(archive)) if archive else helm_python.Chart.load(folder)
    )
    return chart


def _answer(question: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
    try:
        return {"answer": _ANSWERED[question](**arguments)}
    except helm_python.HelmError as error:
        return {"refused": str(error).strip()}


def _allow_seconds(seconds: int) -> None:
    """Lets what comes take so much of the processor."""
    times = os.times()
    _limit(resource.RLIMIT_CPU, int(times.user + times.system) + seconds)


def _limit(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    with suppress(OSError, ValueError):  # no system must have such a limit
        resource.setrlimit(what, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _end_with_asker(answers: int) -> None:
    """Ends this process as soon as nobody can read its answers any more, also while it works on one."""
    left = select.poll()
    left.register(answers, 0)  # that there is nobody is told unasked
    left.poll()
    os._exit(1)


def _main(answers: BinaryIO) -> None:
    with suppress(RuntimeError):  # there may be no more threads
        _thread.start_new_thread(_end_with_asker, (answers.fileno(),))
    for line in sys.stdin.buffer:
        _allow_seconds(told["seconds"])
        answer = _answer(*json.loads(line)) if is_there else {}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is in Go does not come back to be interrupted
    told = json.loads(sys.argv[1])
    sys.path[:] = told["path"]
    _limit(resource.RLIMIT_DATA, told["memory"])
    # Whatever Helm prints, or what it loads, is no answer.
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    is_there = False
    with suppress(ImportError, OSError):
        import helm_python

        is_there = True
    _main(own)
