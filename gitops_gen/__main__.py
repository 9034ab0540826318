"""The entry of the command line: answers --version by itself, and leaves the rest to `cli`."""

from __future__ import annotations

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
    # Nor need it look through all of them before the process ends and takes them along.
    gc.freeze()
    raise SystemExit(code)


if __name__ == "__main__":
    main()
