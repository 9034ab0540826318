"""Words that Argo CD's reader of YAML takes for true or false, and the readers of YAML 1.2 for a string: y and n.

Source: sigs.k8s.io/yaml, by which Argo CD reads the files of a git generator, elementsYaml and templatePatch.
"""

from __future__ import annotations

import re

from gitops_gen.evidence.values import texts_in

_BARE = re.compile(r"(?:^|[\s\[{,])(?P<word>[yYnN])(?=[ \t]*(?:[,\]}]|:\s|$)|[ \t]+#)", re.MULTILINE)


def why_unsure(value: object, text: str) -> str | None:
    """Returns why it cannot be said what Argo CD makes of a YAML text, of which we read a value."""
    words = {found["word"] for found in _BARE.finditer(text)}
    for each, _ in texts_in(value) if words else ():
        if each in words:
            return f"{each} is true or false to Argo CD, and a string to other readers of YAML; quote it"
    return None
