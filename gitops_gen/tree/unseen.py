"""What differs in a file without being seen in a comparison of lines: its line ends, and a byte-order mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.tree.refusals import refused

if TYPE_CHECKING:
    from gitops_gen.tree.values import Tree

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINE_ENDS = "line ends"


def unseen_in(tree: Tree, path: str, data: bytes) -> tuple[str, ...]:
    """Returns in what alone the file on disk differs from what is planned for it; nothing where it says something else.

    Raises OutputError.
    """
    try:
        with open(tree.on_disk(path), "rb") as file:  # noqa: PTH123 - as in the modules beside it
            content = file.read()
    except OSError as error:
        raise refused(tree, path, "read", error) from error
    marked = content.startswith(BYTE_ORDER_MARK)
    content = content.removeprefix(BYTE_ORDER_MARK)
    other_ends = content != data
    if content.replace(b"\r\n", b"\n") != data:
        return ()
    return (*[LINE_ENDS] * other_ends, *["a byte-order mark"] * marked)
