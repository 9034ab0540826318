"""What Argo CD's own tests and example files say of ApplicationSets, in both dialects of templates.

Each table names where its results are from: a test of the Go code, whose expected results are Argo CD's own, or a
folder of applicationset/examples with the files that it is about. The values are ours; what must come out is theirs.
"""

from __future__ import annotations

import json
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final

import pytest

from gitops_gen.evidence.applicationsets import Expansion, expand
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.repositories import repositories

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

URL: Final = "https://git.example.com/fleet.git"
GO: Final = "goTemplate: true\ngoTemplateOptions: [missingkey=error]"
LEGACY: Final = "goTemplate: false"
NOTHING: Final = "metadata: {name: x}"

Parameters = dict[str, object]


def expanded(root: Path, head: str, generators: str, template: str, files: Iterable[str] | dict[str, str]) -> Expansion:
    """Expands a set in a repository of these files, which are empty unless their text is stated."""
    texts = files if isinstance(files, dict) else dict.fromkeys(files, "")
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    spec = f"{head}\ngenerators:\n{_in(generators)}\ntemplate:\n{_in(template)}"
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: x}}\nspec:\n{_in(spec)}"
    (root / ".set.yaml").write_text(text, encoding="utf-8")
    found = Files(root)
    file = found.get(".set.yaml")
    assert file is not None
    assert not file.documents.problems
    (manifest,) = file.manifests
    return expand(manifest, found, repositories({URL: "."}))


def _in(text: str) -> str:
    return indent(dedent(text).strip("\n"), "  ")


def elements(found: Expansion) -> list[Parameters]:
    """Returns the parameters of each element of a set that is known as a whole."""
    assert (found.failures, found.unknown) == ((), ())
    return [dict(each.parameters) for each in found.elements]


def listed(*elements: Parameters) -> str:
    return f"{{list: {{elements: {json.dumps(elements)}}}}}"


def combined(kind: str, *generators: str, keys: Iterable[str] = ()) -> str:
    merge_keys = f"mergeKeys: {json.dumps(list(keys))}, " if keys else ""
    return f"{{{kind}: {{{merge_keys}generators: [{', '.join(generators)}]}}}}"


# --- git -------------------------------------------------------------------------------------------------------------

FOLDERS: Final = {
    "one level": (["*"], ["api", "web", "jobs/mail"], ["api", "jobs", "web"]),
    "two levels": (
        ["jobs/*", "jobs/*/*"],
        ["api", "jobs/a", "jobs/b/c", "jobs/b/c/d"],
        ["jobs/a", "jobs/b", "jobs/b/c"],
    ),
    "what is excluded first": (["!jobs/*", "*", "*/*"], ["api", "jobs/a", "web/b"], ["api", "jobs", "web", "web/b"]),
    "what is excluded last": (["*", "*/*", "!jobs/*"], ["api", "jobs/a", "web/b"], ["api", "jobs", "web", "web/b"]),
    "none": (["*"], [], []),
}


@pytest.mark.parametrize("head", [GO, LEGACY], ids=["go", "legacy"])
@pytest.mark.parametrize(("patterns", "folders", "expected"), FOLDERS.values(), ids=FOLDERS)
def test_git_folders_are_those_of_the_tables(
    tmp_path: Path, patterns: list[str], folders: list[str], expected: list[str], head: str
) -> None:
    """generators/git_test.go: TestGitGenerateParamsFromDirectories and its twin for Go templates."""
    generator = f"- git: {{repoURL: {URL}, directories: {_paths(patterns)}}}"
    found = elements(expanded(tmp_path, head, generator, NOTHING, [f"{each}/x.yaml" for each in folders]))
    paths = [each["path"]["path"] if isinstance(each["path"], dict) else each["path"] for each in found]
    assert paths == expected


FILES: Final = {
    "a folder at any depth": ["!jobs/**/config.json"],
    "all below a folder": ["!jobs/**"],
    "each by its name": ["!jobs/mail/config.json", "!jobs/report/config.json"],
}


@pytest.mark.parametrize("head", [GO, LEGACY], ids=["go", "legacy"])
@pytest.mark.parametrize("excluded", FILES.values(), ids=FILES)
def test_git_files_are_those_that_are_not_excluded(tmp_path: Path, excluded: list[str], head: str) -> None:
    """generators/git_test.go: the rows of TestGitGenerateParamsFromFiles with an exclude."""
    files = [f"{each}/config.json" for each in ("api", "jobs/mail", "jobs/report", "web", "zone/web")]
    generator = f"- git: {{repoURL: {URL}, files: {_paths(['**/config.json', *excluded])}}}"
    found = elements(expanded(tmp_path, head, generator, NOTHING, dict.fromkeys(files, "{}")))
    paths = [each["path"]["path"] if isinstance(each["path"], dict) else each["path"] for each in found]
    assert paths == ["api", "web", "zone/web"]


def _paths(patterns: list[str]) -> str:
    """Returns the items of a git generator: a pattern with a ! is excluded."""
    return json.dumps([{"path": each.removeprefix("!"), "exclude": each.startswith("!")} for each in patterns])


PATH: Final = {
    "path": "apps/Web_App",
    "path.basename": "Web_App",
    "path.filename": "app.v1.json",
    "path.basenameNormalized": "web-app",
    "path.filenameNormalized": "app.v1.json",
    "path[0]": "apps",
    "path[1]": "Web_App",
}


@pytest.mark.parametrize("prefix", ["", "my"])
def test_the_path_of_a_git_file_is_told_in_each_dialect(tmp_path: Path, prefix: str) -> None:
    """generators/git_test.go: Test_generateParamsFromGitFile and its twin for Go templates."""
    generator = f"- git: {{repoURL: {URL}, files: [{{path: 'apps/*/*.json'}}], pathParamPrefix: '{prefix}'}}"
    files = {"apps/Web_App/app.v1.json": '{"a": {"b": "c"}, "n": 7, "yes": true, "list": ["x"]}'}
    flat = {"a.b": "c", "n": "7", "yes": "true", "list.0": "x"}
    dotted = f"{prefix}." if prefix else ""
    (legacy,) = elements(expanded(tmp_path, LEGACY, generator, NOTHING, files))
    assert legacy == flat | {f"{dotted}{key}": value for key, value in PATH.items()}
    path = {
        "path": "apps/Web_App",
        "basename": "Web_App",
        "filename": "app.v1.json",
        "basenameNormalized": "web-app",
        "filenameNormalized": "app.v1.json",
        "segments": ["apps", "Web_App"],
    }
    (go,) = elements(expanded(tmp_path, GO, generator, NOTHING, files))
    nested = {"a": {"b": "c"}, "n": 7, "yes": True, "list": ["x"]}
    assert go == nested | ({prefix: {"path": path}} if prefix else {"path": path})


VALUES: Final = {
    LEGACY: (
        "{of: '{{ zone }}', not: '{{ nothing }}', plain: v, other: '{{values.plain}}'}",
        {"values.of": "east", "values.not": "{{ nothing }}", "values.plain": "v", "values.other": "{{values.plain}}"},
    ),
    "goTemplate: true": (
        "{of: '{{ .zone }}', not: '{{ default \"d\" .nothing }}', plain: v, other: '{{ .values.plain }}'}",
        {"values": {"of": "east", "not": "d", "plain": "v", "other": "<no value>"}},
    ),
}


@pytest.mark.parametrize("head", VALUES, ids=["legacy", "go"])
def test_values_are_filled_with_parameters_and_not_with_each_other(tmp_path: Path, head: str) -> None:
    """generators/value_interpolation_test.go."""
    values, expected = VALUES[head]
    generator = f"- git: {{repoURL: {URL}, files: [{{path: x.json}}], values: {values}}}"
    (found,) = elements(expanded(tmp_path, head, generator, NOTHING, {"x.json": '{"zone": "east"}'}))
    assert {key: value for key, value in found.items() if key.startswith("values")} == expected


# --- matrix and merge ------------------------------------------------------------------------------------------------

PAIRS: Final = combined("matrix", listed({"a": "1"}, {"a": "2"}), listed({"b": "1"}, {"b": "2"}))

COMBINED: Final[dict[str, tuple[str, list[Parameters] | None]]] = {
    "every pair": (PAIRS, [{"a": a, "b": b} for a in "12" for b in "12"]),
    "a matrix of one": (combined("matrix", listed({"a": "1"})), None),
    "a matrix of three": (combined("matrix", *[listed({"a": "1"})] * 3), None),
    "a merge of none": (combined("merge", keys=["a"]), None),
    "a merge of one": (combined("merge", listed({"a": "1"}), keys=["a"]), None),
    "a merge without keys": (combined("merge", listed({"a": "1"}), listed({"a": "1"})), None),
    "later ones win, and new ones are not added": (
        combined("merge", listed({"k": "x", "a": "1", "b": "1"}), listed({"k": "x", "a": "2"}, {"k": "y"}), keys=["k"]),
        [{"k": "x", "a": "2", "b": "1"}],
    ),
    "the last one wins": (
        combined("merge", listed({"k": "x"}), *[listed({"k": "x", "a": each}) for each in "123"], keys=["k"]),
        [{"k": "x", "a": "3"}],
    ),
    "a key that one of both has not": (
        combined("merge", listed({"a": "1"}), listed({"k": "x"}), keys=["k"]),
        [{"a": "1"}],
    ),
    "two keys, of which one is stated twice": (
        combined(
            "merge",
            listed({"j": "x", "k": "x"}, {"j": "x", "k": "y"}),
            listed({"j": "x", "k": "y", "a": "1"}),
            keys="jkk",
        ),
        [{"j": "x", "k": "x"}, {"j": "x", "k": "y", "a": "1"}],
    ),
    "two of the same keys": (combined("merge", listed({"k": "x"}, {"k": "x"}), listed({"k": "y"}), keys=["k"]), None),
    "a merge of a matrix": (
        combined("merge", PAIRS, listed({"a": "1", "b": "2", "c": "more"}), keys="ab"),
        [{"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "more"}, {"a": "2", "b": "1"}, {"a": "2", "b": "2"}],
    ),
    "a merge of a merge": (
        combined(
            "merge",
            combined(
                "merge", listed({"a": "1", "b": "1"}, {"a": "2"}), listed({"a": "1", "b": "3", "c": "in"}), keys="a"
            ),
            listed({"a": "1", "b": "3", "d": "out"}),
            keys="ab",
        ),
        [{"a": "1", "b": "3", "c": "in", "d": "out"}, {"a": "2"}],
    ),
}


@pytest.mark.parametrize("head", [GO, LEGACY], ids=["go", "legacy"])
@pytest.mark.parametrize(("generator", "expected"), COMBINED.values(), ids=COMBINED)
def test_what_is_combined_is_what_the_tables_say(
    tmp_path: Path, generator: str, expected: list[Parameters] | None, head: str
) -> None:
    """generators/matrix_test.go and merge_test.go, whose rows are the same in both dialects where all is text."""
    found = expanded(tmp_path, head, f"- {generator}", NOTHING, [])
    if expected is None:
        assert (len(found.failures), found.unknown, found.elements) == (1, (), ())
    else:
        assert elements(found) == expected


# --- applicationset/examples -----------------------------------------------------------------------------------------

ADDONS: Final = [f"cluster-addons/{each}" for each in ("argo-workflows", "helm-guestbook", "prometheus-operator")]
CLUSTERS: Final = {
    f"cluster-config/engineering/{each}/config.json": json.dumps(
        {"cluster": {"name": each, "address": f"https://{each}"}}
    )
    for each in ("dev", "prod")
}
TWO: Final = listed(
    {"cluster": "dev", "url": "https://dev", "values": {"project": "a"}},
    {"cluster": "prod", "url": "https://prod", "values": {"project": "b"}},
)
ADDON_FOLDERS: Final = _paths(["cluster-addons/*", "!cluster-addons/helm-guestbook"])
ADDON_GIT: Final = f"{{git: {{repoURL: {URL}, directories: {ADDON_FOLDERS}}}}}"
CONFIG_FILES: Final = _paths(["cluster-config/**/config.json"])
PROD_FILES: Final = _paths(["cluster-config/**/config.json", "!cluster-config/*/dev/config.json"])

# The generator; name, project, path and server of the template, as for Go; and those of each Application that it makes.
EXAMPLES: Final[dict[str, tuple[str, tuple[str, str, str, str], list[tuple[str, str, str, str]]]]] = {
    "list-generator": (
        TWO,
        ("{.cluster}-guestbook", "default", "guestbook/{.cluster}", "{.url}"),
        [
            ("dev-guestbook", "default", "guestbook/dev", "https://dev"),
            ("prod-guestbook", "default", "guestbook/prod", "https://prod"),
        ],
    ),
    "git-generator-directory/excludes": (
        ADDON_GIT,
        ("{.path.basename}", "mine", "{.path.path}", "here"),
        [(each.rpartition("/")[2], "mine", each, "here") for each in (ADDONS[0], ADDONS[2])],
    ),
    "git-generator-files-discovery": (
        f"{{git: {{repoURL: {URL}, files: {CONFIG_FILES}}}}}",
        ("{.cluster.name}-guestbook", "default", "guestbook", "{.cluster.address}"),
        [
            ("dev-guestbook", "default", "guestbook", "https://dev"),
            ("prod-guestbook", "default", "guestbook", "https://prod"),
        ],
    ),
    "git-generator-files-discovery/excludes": (
        f"{{git: {{repoURL: {URL}, files: {PROD_FILES}}}}}",
        ("{.cluster.name}-guestbook", "default", "guestbook", "{.cluster.address}"),
        [("prod-guestbook", "default", "guestbook", "https://prod")],
    ),
    "matrix/list-and-git": (
        combined("matrix", ADDON_GIT, TWO),
        ("{.path.basename}-{.cluster}", "{.values.project}", "{.path.path}", "{.url}"),
        [
            ("argo-workflows-dev", "a", ADDONS[0], "https://dev"),
            ("argo-workflows-prod", "b", ADDONS[0], "https://prod"),
            ("prometheus-operator-dev", "a", ADDONS[2], "https://dev"),
            ("prometheus-operator-prod", "b", ADDONS[2], "https://prod"),
        ],
    ),
    "matrix/list-and-list": (
        combined("matrix", TWO, listed({"values": {"suffix": "1"}}, {"values": {"suffix": "2"}})),
        ("{.cluster}-{.values.suffix}", "{.values.project}", "{.cluster}", "{.url}"),
        [
            ("dev-1", "a", "dev", "https://dev"),
            ("dev-2", "a", "dev", "https://dev"),
            ("prod-1", "b", "prod", "https://prod"),
            ("prod-2", "b", "prod", "https://prod"),
        ],
    ),
    "matrix/matrix-and-union-in-matrix, with the name that union has today": (
        combined(
            "matrix",
            combined(
                "merge", TWO, listed({"cluster": "dev", "url": "https://other"}, {"cluster": "test"}), keys=["cluster"]
            ),
            combined(
                "matrix",
                listed({"values": {"suffix": "1"}}),
                listed({"values": {"prefix": "x"}}, {"values": {"prefix": "z"}}),
            ),
        ),
        ("{.values.prefix}-{.cluster}-{.values.suffix}", "{.values.project}", "{.cluster}", "{.url}"),
        [
            ("x-dev-1", "a", "dev", "https://other"),
            ("z-dev-1", "a", "dev", "https://other"),
            ("x-prod-1", "b", "prod", "https://prod"),
            ("z-prod-1", "b", "prod", "https://prod"),
        ],
    ),
}


@pytest.mark.parametrize("head", [GO, LEGACY], ids=["go", "legacy"])
@pytest.mark.parametrize(("generator", "template", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_makes_these_applications(
    tmp_path: Path,
    generator: str,
    template: tuple[str, str, str, str],
    expected: list[tuple[str, str, str, str]],
    head: str,
) -> None:
    """applicationset/examples: each one's folders, generators and template, whole Applications."""
    name, project, path, server = (_template(each, head) for each in template)
    text = json.dumps(_application(name, project, path, server))
    files = {f"{each}/kustomization.yaml": "{}" for each in ADDONS} | CLUSTERS
    found = expanded(tmp_path, head, f"- {generator}", text, files)
    assert (found.failures, found.unknown) == ((), ())
    assert [each.value for each in found.applications] == [_application(*each) for each in expected]


def _template(text: str, head: str) -> str:
    """Returns what stands in an example for a text with parameters in single braces."""
    text = text if head == GO else text.replace("{.path.path}", "{path}").replace("{.", "{")
    return text.replace("{", "{{").replace("}", "}}")


def _application(name: str, project: str, path: str, server: str) -> Parameters:
    spec = {
        "project": project,
        "source": {"repoURL": URL, "targetRevision": "HEAD", "path": path},
        "destination": {"server": server, "namespace": name},
        "syncPolicy": {"syncOptions": ["CreateNamespace=true"]},
    }
    return {"metadata": {"name": name}, "spec": spec}


def test_the_components_of_a_file_are_elements_of_a_list(tmp_path: Path) -> None:
    """Generators-List.md: elementsYaml in a matrix with a file of examples/list-generator."""
    components = [
        {"name": "one", "chart": "podinfo", "version": "6.3.2"},
        {"name": "two", "chart": "podinfo", "version": "6.3.10"},
    ]
    generator = combined(
        "matrix",
        f"{{git: {{repoURL: {URL}, files: [{{path: list.yaml}}]}}}}",
        "{list: {elementsYaml: '{{ .key.components | toJson }}'}}",
    )
    source = "{repoURL: https://charts.example.com, chart: '{{ .chart }}', targetRevision: '{{ .version }}'}"
    template = f"{{metadata: {{name: '{{{{ .name }}}}'}}, spec: {{sources: [{source}]}}}}"
    files = {"list.yaml": json.dumps({"key": {"components": components}})}
    found = expanded(tmp_path, GO, f"- {generator}", template, files)
    assert (found.failures, found.unknown) == ((), ())
    assert [each.value["spec"] for each in found.applications] == [
        {"sources": [{"repoURL": "https://charts.example.com", "chart": "podinfo", "targetRevision": each["version"]}]}
        for each in components
    ]
