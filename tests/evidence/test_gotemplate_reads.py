"""Tests of gitops_gen.evidence.gotemplate.reads: which parameters a template reads."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.gotemplate import Read, parse

ALL: tuple[str, ...] = ()

READS = {
    "text": ("a", []),
    "field": ("{{ .cluster }}", [(("cluster",), 3, False)]),
    "two of them": ("{{ .a }}-{{ .b.c }}", [(("a",), 3, False), (("b", "c"), 12, False)]),
    "argument in a pipeline": ('{{ default "x" .a | quote }}', [(("a",), 15, False)]),
    "root": ("{{ $.a.b }}", [(("a", "b"), 3, False)]),
    "condition": (
        "{{ if .a }}{{ .b }}{{ else }}{{ .c }}{{ end }}",
        [(("a",), 6, False), (("b",), 14, False), (("c",), 32, False)],
    ),
    "with moves the cursor": (
        "{{ with .a }}{{ .b }}{{ $.c }}{{ else }}{{ .d }}{{ end }}",
        [(("a",), 8, False), (("a", "b"), 16, False), (("c",), 24, False), (("d",), 43, False)],
    ),
    "elements of a range are unknown": (
        "{{ range .l }}{{ .x }}{{ $.y }}{{ end }}",
        [(("l",), 9, False), (("y",), 25, False)],
    ),
    "variable": ("{{ $x := .a }}{{ $x.b }}", [(("a",), 9, False), (("a", "b"), 17, False)]),
    "variable of an inner block": (
        "{{ $x := .a }}{{ if 1 }}{{ $x := .b }}{{ end }}{{ $x.c }}",
        [(("a",), 9, False), (("b",), 33, False), (("a", "c"), 50, False)],
    ),
    "variable that is assigned in an inner block": (
        "{{ $x := .a }}{{ if 1 }}{{ $x = .b }}{{ end }}{{ $x.c }}",
        [(("a",), 9, False), (("b",), 32, False)],
    ),
    "key by index": ('{{ index .m "my-key" }}', [(("m", "my-key"), 3, True), (("m",), 9, False)]),
    "key of the root by index": ('{{ (index . "a").b }}', [(("a",), 4, True), (("a", "b"), 16, False)]),
    "element by index": ("{{ index .l 0 }}", [(("l",), 9, False)]),
    "dig": ('{{ dig "a" "b" "" . }}', [(("a", "b"), 3, True)]),
    "dig in a pipeline": ('{{ . | dig "a" "b" .c }}', [(("a", "b"), 7, True), (("c",), 19, False)]),
    "get and hasKey": ('{{ get . "a" }}{{ hasKey . "b" }}', [(("a",), 3, True), (("b",), 18, True)]),
    "computed key reads all": ("{{ index . .a }}", [(ALL, 9, False), (("a",), 11, False)]),
    "everything": ("{{ toYaml . }}{{ toJson $ }}", [(ALL, 10, False), (ALL, 24, False)]),
    "field of what is computed": ("{{ (fromYaml .a).b }}", [(("a",), 13, False)]),
}


@pytest.mark.parametrize(("template", "expected"), READS.values(), ids=READS)
def test_parameters_that_are_read(template: str, expected: list[tuple[tuple[str, ...], int, bool]]) -> None:
    assert parse(template).fields() == tuple(Read(path, at, optional) for path, at, optional in expected)
