"""The entry of the command line: answers --version by itself, and leaves the rest to `cli`."""

from __future__ import annotations

import atexit
import os
import sys

_ALLOCATIONS = 200_000
"""New values after which the collector looks for garbage."""

_INTERRUPTED = 130
"""The exit code of Ctrl-C before anything was done."""


def main() -> None:
    """Runs gitops-gen with the arguments of the process, and ends it."""
    if sys.argv[1:] == ["--version"]:
        from gitops_gen import __version__

        print(f"gitops-gen {__version__}")  # noqa: T201
        return
    import gc

    # What is loaded is no garbage, nor are the million values of a model: the collector need not look at it so often.
    gc.set_threshold(_ALLOCATIONS)
    try:
        from gitops_gen.cli import run
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    code = run(sys.argv[1:])
    if _is_all_said():
        os._exit(code)
    # Nor need it look through all of them before the process ends and takes them along.
    gc.freeze()
    raise SystemExit(code)


def _is_all_said() -> bool:
    """Returns whether nothing is left to do but to free what the process holds, which the system does at once.

    That is not so where a package has asked to be called at the end, where somebody measures or traces this process, or
    where another thread is at work; nor where what was printed cannot be written, which Python tells.
    """
    threads = sys.modules.get("threading")
    is_alone = threads is None or threads.active_count() == 1
    if sys.gettrace() or sys.getprofile() or not is_alone or atexit._ncallbacks():  # noqa: SLF001 - no other way
        return False
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
