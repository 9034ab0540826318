"""The objects of Argo CD: kind, namespace, fields and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import MARK, URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "argo-cd-object"
MYAPP = "argocd/applicationsets/myapp.yaml"
DEV = "argocd/projects/dev.yaml"
SECRET = "argocd/clusters/dev/myapp-dev-use1.yaml"

APP = """\
apiVersion: {version}
kind: {kind}
metadata: {{name: web, namespace: {namespace}}}
spec:
  project: default
  source: {{repoURL: x, path: p}}
  destination: {{name: here}}
  {more}
"""


def app(
    more: str = "", *, version: str = "argoproj.io/v1alpha1", kind: str = "Application", namespace: str = "argocd"
) -> str:
    return APP.format(more=more, version=version, kind=kind, namespace=namespace)


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "message", "hint"),
    [
        (
            DEV,
            "argoproj.io/v1alpha1",
            "argoproj.io/v1beta1",
            "2:13: error: AppProject dev has apiVersion argoproj.io/v1beta1, expected argoproj.io/v1alpha1",
            "write argoproj.io/v1alpha1",
        ),
        (
            DEV,
            "argoproj.io/v1alpha1",
            "argoprj.io/v1alpha1",
            "2:13: error: AppProject dev has apiVersion argoprj.io/v1alpha1, expected argoproj.io/v1alpha1",
            "write argoproj.io/v1alpha1",
        ),
        (
            DEV,
            "kind: AppProject",
            "kind: Project",
            "3:7: error: Argo CD has no kind Project, expected Application or ApplicationSet or AppProject",
            "write one of them",
        ),
        (
            DEV,
            "kind: AppProject",
            "kind: AppPoject",
            "3:7: error: Argo CD has no kind AppPoject, expected Application or ApplicationSet or AppProject",
            "did you mean AppProject?",
        ),
        (
            DEV,
            'namespace: "argocd"',
            'namespace: "argo"',
            "6:14: error: AppProject dev is in namespace argo, where Argo CD does not look; the others are in argocd",
            "write argocd, the namespace of Argo CD",
        ),
        (
            SECRET,
            'namespace: "argocd"',
            'namespace: "argo"',
            (
                "7:14: error: Secret myapp-dev-use1 is in namespace argo, where Argo CD does not look; the others are "
                "in "
                "argocd"
            ),
            "write argocd, the namespace of Argo CD",
        ),
        (
            MYAPP,
            "limit: 10",
            "limit: ten",
            (
                "109:18: error: ApplicationSet myapp: spec.template.spec.syncPolicy.retry.limit: got a string, "
                "expected a whole "
                "number"
            ),
            "write a whole number",
        ),
        (
            MYAPP,
            "duration: 10s",
            "duration: 10sec",
            "111:23: error: ApplicationSet myapp: duration of the retry: got '10sec', expected a duration such as 10s",
            "write a number with ms, s, m or h",
        ),
        (
            MYAPP,
            "syncOptions:",
            "syncOption:",
            (
                "105:9: error: ApplicationSet myapp: spec.template.spec.syncPolicy.syncOption: there is no field "
                "syncOption"
            ),
            "did you mean syncOptions?",
        ),
    ],
)
def test_what_argo_cd_does_not_read_is_found(path: str, old: str, new: str, message: str, hint: str) -> None:
    assert found_in_six_clusters(CODE, path, (old, new)) == [f"output/{path}:{message}\nhint: {hint}"]


def test_two_objects_of_one_name_are_found() -> None:
    assert found_in_six_clusters(CODE, SECRET, ('  name: "myapp-dev-use1"', '  name: "myapp-dev-usw2"')) == [
        (
            "output/argocd/clusters/dev/myapp-dev-usw2.yaml:6:9: error: two objects are called Secret myapp-dev-usw2\n"
            "hint: give each a name of its own\n"
            f"output/{SECRET}:6:9: the other one"
        ),
    ]


def test_a_boolean_field_of_a_template_can_be_no_template(tmp_path: Path) -> None:
    text = """
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {name: web}
        spec:
          generators: []
          template:
            metadata: {name: web}
            spec:
              project: default
              destination: {}
              syncPolicy: {automated: {prune: "{{ .prune }}"}}
        """
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:11:39: error: ApplicationSet web: spec.template.spec.syncPolicy.automated.prune: got a string, "
            "expected "
            "true or false\n"
            "hint: write true or false"
        ),
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("futureField: 1", "8:3: warning: Application web: spec.futureField: there is no field futureField"),
        (
            "revisionHistoryLimit: '3'",
            "8:25: error: Application web: spec.revisionHistoryLimit: got a string, expected ",
        ),
    ],
)
def test_a_field_of_a_newer_argo_cd_is_a_warning_and_a_wrong_type_an_error(
    tmp_path: Path, more: str, message: str
) -> None:
    (got,) = found(tmp_path, {"app.yaml": app(more)}, CODE)
    assert got.startswith(f"app.yaml:{message}")


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ("targetRevision: main", "indent it as a field of source"),
        ("syncOptions: []", "indent it as a field of syncPolicy"),
        ("futureField: 1", "known here: "),
        ("sorces: []", "did you mean sources?"),
    ],
)
def test_where_a_field_belongs_that_stands_too_far_to_the_left_is_said(tmp_path: Path, more: str, hint: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app(more)}, CODE)
    assert got.splitlines()[1].startswith(f"hint: {hint}")


def test_a_spec_without_a_project_is_an_error(tmp_path: Path) -> None:
    assert found(tmp_path, {"app.yaml": app().replace("  project: default\n", "")}, CODE) == [
        "app.yaml:4:1: error: Application web: spec: project is missing\nhint: add project:",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "destination: {name: here}",
            "destination: {name: here, server: 'https://x'}",
            "7:16: error: Application web has a destination by name and by server, expected one of them",
        ),
        (
            "path: p}",
            "path: p, chart: z}",
            "6:11: error: Application web has a source with path and chart, expected one of them",
        ),
        (
            "source: {repoURL: x, path: p}",
            "sources: [{repoURL: x, path: p}, {repoURL: x, path: p, chart: z}]",
            "6:36: error: Application web has a source with path and chart, expected one of them",
        ),
    ],
)
def test_of_two_fields_that_exclude_each_other_one_may_stand(tmp_path: Path, old: str, new: str, message: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app().replace(old, new)}, CODE)
    assert got.splitlines()[0] == f"app.yaml:{message}"


@pytest.mark.parametrize("text", ["'10'", "1m30s", "'{{ .backoff }}'"])
def test_a_retry_takes_seconds_and_durations(tmp_path: Path, text: str) -> None:
    more = f"syncPolicy: {{retry: {{backoff: {{duration: {text}}}}}}}"
    assert found(tmp_path, {"app.yaml": app(more)}, CODE) == []


def test_other_kinds_of_the_group_and_other_namespaces_are_nobodys_business_elsewhere(tmp_path: Path) -> None:
    files = {
        "a.yaml": app(),
        "b.yaml": app(namespace="team"),
        "rollout.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: x}\n",
        "events.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {name: x}\n",
        "other.yaml": "apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: x}\n",
    }
    assert found(tmp_path, files, CODE) == []


def test_a_kind_with_a_typo_is_found_everywhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": app(kind="Aplication")}, CODE) == [
        (
            "a.yaml:2:7: error: Argo CD has no kind Aplication, expected Application or ApplicationSet or AppProject\n"
            "hint: did you mean Application?"
        ),
    ]


@pytest.mark.parametrize(
    ("kind", "meant"),
    [("APPLICATION", "Application"), ("Application0", "Application"), ("App1icationSet", "ApplicationSet")]
    + [("AppProject-", "AppProject")],
)
def test_a_kind_in_another_case_or_with_a_digit_is_a_typo(tmp_path: Path, kind: str, meant: str) -> None:
    (got,) = found(tmp_path, {"a.yaml": app(kind=kind)}, CODE)
    assert got.splitlines()[1] == f"hint: did you mean {meant}?"


def test_an_object_of_ours_without_a_namespace_is_found() -> None:
    (got,) = found_in_six_clusters(CODE, DEV, ('  namespace: "argocd"\n', ""))
    assert got.splitlines()[0].endswith(
        "error: AppProject dev is in no namespace, where Argo CD does not look; the others are in argocd"
    )


def test_a_slip_in_the_namespace_of_argo_cd_is_a_warning(tmp_path: Path) -> None:
    files = {f"{each}.yaml": app().replace("name: web", f"name: {each}") for each in ("a", "b", "c")}
    assert found(tmp_path, {**files, "d.yaml": app(namespace="argoccd")}, CODE) == [
        (
            "d.yaml:3:34: warning: Application web is in namespace argoccd, where Argo CD does not look; the others "
            "are in argocd\n"
            "hint: write argocd, the namespace of Argo CD"
        )
    ]
    assert found(tmp_path, {**files, "d.yaml": app(namespace="argocd2")}, CODE) == []
    assert found(tmp_path, {**files, "d.yaml": app(namespace="team")}, CODE) == []


ROOT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: root, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git.example.com/fleet.git", path: apps, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: argocd}
"""


def test_what_an_application_brings_as_it_stands_has_a_spec(tmp_path: Path) -> None:
    files = {"root.yaml": ROOT, "apps/a.yaml": app().replace("\nspec:", "\nsepc:")}
    assert found(tmp_path, files, CODE) == ["apps/a.yaml:1:1: error: Application web has no spec\nhint: add spec:"]
    files["apps/kustomization.yaml"] = "resources: [a.yaml]\nlabels: [{pairs: {a: b}}]\n"
    assert found(tmp_path, files, CODE) == []


def test_a_generator_without_a_value_is_found() -> None:
    (got,) = found_in_six_clusters(CODE, MYAPP, ("  generators:\n", "  generators:\n    -\n"))
    assert got.splitlines() == [
        f"output/{MYAPP}:12:6: error: ApplicationSet myapp: spec.generators.0: got no value",
        "hint: write one, or remove the item",
    ]


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  goTemplate: true
  generators: [{generator}]
  template:
    metadata: {{name: web}}
    spec:
      project: default
      source: {{repoURL: x, chart: '{{{{ .chart }}}}', path: '{{{{ .path }}}}'}}
      destination: {{name: '{{{{ .name }}}}', server: '{{{{ .server }}}}'}}
"""


def test_what_a_template_leaves_empty_is_not_there(tmp_path: Path) -> None:
    generator = "list: {elements: [{chart: web, path: '', name: '', server: 'https://x'}]}"
    assert found(tmp_path, {"set.yaml": SET.format(generator=generator)}, CODE) == []


def test_what_an_element_fills_twice_is_found(tmp_path: Path) -> None:
    generator = "list: {elements: [{chart: web, path: x, name: a, server: ''}]}"
    assert found(tmp_path, {"set.yaml": SET.format(generator=generator)}, CODE) == [
        (
            "set.yaml:11:15: error: ApplicationSet web has a source with path and chart, expected one of them\n"
            "hint: remove path for a chart repository, chart for a git repository"
        )
    ]


def test_what_a_template_fills_in_is_not_known_where_the_elements_are_not(tmp_path: Path) -> None:
    assert found(tmp_path, {"set.yaml": SET.format(generator="clusters: {}")}, CODE) == []
    stated = SET.replace("'{{{{ .chart }}}}'", "web").replace("'{{{{ .path }}}}'", "web")
    (problem,) = found(tmp_path, {"set.yaml": stated.format(generator="clusters: {}")}, CODE)
    assert problem.startswith("set.yaml:11:15: error: ApplicationSet web has a source with path and chart")


def test_what_follows_from_broken_yaml_is_no_finding_of_its_own(tmp_path: Path) -> None:
    text = app().replace("  destination", "   - x: y\n destination")
    assert found(tmp_path, {"a.yaml": text}, CODE) == []
    assert len(found(tmp_path, {"a.yaml": text}, "invalid-yaml")) == 1


def test_a_source_without_a_repository_is_told_once(tmp_path: Path) -> None:
    files = {"a.yaml": app().replace("repoURL: x, ", "")}
    expected = "a.yaml:6:3: error: Application web: spec.source: repoURL is missing"
    assert [each.splitlines()[0] for each in found(tmp_path, files, CODE)] == [expected]
    assert [each for each in found(tmp_path, files, "cannot-say") if "is not on disk" in each] == []


def test_a_source_that_is_no_map_is_told_once(tmp_path: Path) -> None:
    files = {"a.yaml": app().replace("{repoURL: x, path: p}", "https://git.example.com/fleet.git")}
    assert [each.splitlines()[0] for each in found(tmp_path, files, CODE)] == [
        "a.yaml:6:11: error: Application web: spec.source: got a string, expected a map",
    ]
    files = {"a.yaml": app().replace("source: {repoURL: x, path: p}", "sources: [x]")}
    assert [each.splitlines()[0] for each in found(tmp_path, files, CODE)] == [
        "a.yaml:6:13: error: Application web: spec.sources.0: got a string, expected a map",
    ]


FINALIZER = "resources-finalizer.argocd.argoproj.io"


@pytest.mark.parametrize(
    ("finalizer", "hint"),
    [
        ("resources-finalizer.argoproj.io", f"did you mean {FINALIZER}?"),
        ("resource-finalizer.argocd.argoproj.io", f"did you mean {FINALIZER}?"),
        (f"{FINALIZER}/backgroud", f"did you mean {FINALIZER}/background?"),
        ("resources-finalizer.argocd.argoproj.io.", f"did you mean {FINALIZER}?"),
        ("cleanup.argoproj.io/all", f"write {FINALIZER}, or remove it"),
    ],
)
def test_a_finalizer_that_argo_cd_never_removes_is_found(tmp_path: Path, finalizer: str, hint: str) -> None:
    text = app().replace("namespace: argocd}", f"namespace: argocd, finalizers: [{finalizer}]}}")
    assert found(tmp_path, {"a.yaml": text}, CODE) == [
        (
            f"a.yaml:3:55: warning: Application web has the finalizer {finalizer}, which Argo CD does not know and "
            f"never removes: it cannot be deleted\nhint: {hint}"
        ),
    ]


def test_a_finalizer_of_many_applications_is_one_cause(tmp_path: Path) -> None:
    text = app().replace("namespace: argocd}", "namespace: argocd, finalizers: [resources-finalizer.argoproj.io]}")
    assert len(found(tmp_path, {"a.yaml": text, "b.yaml": text.replace("name: web", "name: api")}, CODE)) > 1
    problems = judge(Graph(Files(tmp_path), (".",), repositories({URL: "."})), select=[CODE]).problems
    assert {each.cause for each in problems} == {"finalizer resources-finalizer.argoproj.io"}


def test_a_finalizer_of_a_template_is_one_of_its_applications(tmp_path: Path) -> None:
    text = SET.format(generator="list: {elements: [{chart: web, path: '', name: x, server: ''}]}")
    files = {"set.yaml": text.replace("metadata: {name: web}", "metadata: {name: web, finalizers: [a.argoproj.io]}")}
    told = [each.splitlines()[0] for each in found(tmp_path, files, CODE)]
    assert [each.split(": ", 1)[1].split(",")[0] for each in told] == [
        "warning: ApplicationSet web has the finalizer a.argoproj.io",
        "warning: an Application of ApplicationSet web has the finalizer a.argoproj.io",
    ]


@pytest.mark.parametrize(
    "finalizer",
    [
        *(FINALIZER, f"{FINALIZER}/foreground", f"{FINALIZER}/background"),
        *("post-delete-finalizer.argocd.argoproj.io", "pre-delete-finalizer.argocd.argoproj.io/cleanup"),
        *("example.com/audit", "foregroundDeletion", "'{{ .finalizer }}.argoproj.io'"),
    ],
)
def test_a_finalizer_that_somebody_removes_is_sound(tmp_path: Path, finalizer: str) -> None:
    text = app().replace("namespace: argocd}", f"namespace: argocd, finalizers: [{finalizer}]}}")
    assert found(tmp_path, {"a.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "          selfHeal: {{",
            "          selfheal: {{",
            "spec.syncPolicy.automated.selfheal: there is no field selfheal",
            "did you mean selfHeal?",
        ),
        (
            "      syncPolicy:\n        automated",
            "      sync:\n        automated",
            "spec.sync: there is no field sync",
            None,
        ),
        (
            "    spec:\n      syncPolicy:\n        automated",
            "    spc:\n      syncPolicy:\n        automated",
            "spc: there is no field spc",
            "did you mean spec?",
        ),
    ],
)
def test_a_field_of_a_template_patch_that_no_application_has_is_found(
    old: str, new: str, message: str, hint: str | None
) -> None:
    (got,) = found_in_six_clusters(CODE, MYAPP, (old, new))
    at, told = got.splitlines()
    assert at == f"output/{MYAPP}:114:18: error: ApplicationSet myapp: the template patch: {message}"
    assert hint is None or told == f"hint: {hint}"


def test_a_spec_without_a_value_in_a_template_patch_removes_the_source(tmp_path: Path) -> None:
    """It is what is left of a patch all of whose fields stand in a condition."""
    text = SET.format(generator="list: {elements: [{chart: web, path: '', name: x, server: '', auto: false}]}")
    patch = (
        "  templatePatch: |\n    spec:\n      {{- if .auto }}\n      syncPolicy: {automated: {}}\n      {{- end }}\n"
    )
    (got,) = found(tmp_path, {"set.yaml": text + patch}, CODE)
    assert got == (
        "set.yaml:13:18: warning: the template patch of ApplicationSet web takes the source of an Application away: "
        "a field without a value removes what the template gives\n"
        "hint: leave the field out, too, where nothing stands below it"
    )


def test_a_template_patch_may_have_all_that_an_application_has(tmp_path: Path) -> None:
    text = SET.format(generator="list: {elements: [{chart: web, path: '', name: x, server: ''}]}")
    patch = (
        "  templatePatch: |\n    kind: Application\n    metadata: {labels: {a: b}}\n    status: {}\n    {field}: 1\n"
    )
    assert found(tmp_path, {"set.yaml": text + patch.replace("    {field}: 1\n", "")}, CODE) == []
    (got,) = found(tmp_path, {"set.yaml": text + patch.replace("{field}", "future")}, CODE)
    assert got.splitlines()[0] == (
        "set.yaml:13:18: warning: ApplicationSet web: the template patch: future: there is no field future"
    )


ELEMENTS = "{elements: [{chart: web, path: '', name: x, server: ''}]}"


@pytest.mark.parametrize(
    ("generator", "path", "field"),
    [
        (f"list: {ELEMENTS}, template: {{metadata: {{}}}}", "0.template", "template beside list"),
        (f"list: {ELEMENTS}, selector: {{matchLabels: {{chart: web}}}}", None, ""),
        (f"list: {ELEMENTS}, future: {{}}", None, ""),
        (
            f"matrix: {{generators: [{{list: {ELEMENTS}}}, {{clusters: {{}}, values: {{c: d}}}}]}}",
            "0.matrix.generators.1.values",
            "values beside clusters",
        ),
    ],
)
def test_a_field_beside_its_generator_is_none_of_it(
    tmp_path: Path, generator: str, path: str | None, field: str
) -> None:
    text = SET.format(generator=f"{{{generator}}}")
    got = [each.splitlines() for each in found(tmp_path, {"set.yaml": text}, CODE)]
    holder = field.rpartition(" ")[2]
    assert [each[0].partition(": ")[2] for each in got] == (
        [f"warning: ApplicationSet web: spec.generators.{path}: there is no field {field}"] if path else []
    )
    assert [each[1] for each in got] == ([f"hint: indent it as a field of {holder}"] if path else [])


@pytest.mark.parametrize("beside", ["", ", template: {}"])
def test_a_set_is_expanded_without_what_stands_beside_a_generator(tmp_path: Path, beside: str) -> None:
    files = {"set.yaml": SET.format(generator=f"{{list: {ELEMENTS}{beside}}}").replace("'{{ .path }}'", "a")}
    message = "error: ApplicationSet web has a source with path and chart, expected one of them"
    assert len([each for each in found(tmp_path, files, CODE) if message in each]) == 1


@pytest.mark.parametrize(
    ("spec", "missing"),
    [
        ("source: {helm: {valueFiles: [a.yaml]}}", None),
        ("source: {targetRevision: main, kustomize: {images: [a=b]}}", None),
        ("sourceHydrator: {drySource: {path: p}, hydrateTo: {}}", None),
        ("sources: [{path: p}]", "spec.sources.0: repoURL is missing"),
        ("ignoreDifferences: [{group: apps}]", "spec.ignoreDifferences.0: kind is missing"),
    ],
)
def test_a_map_of_a_template_patch_need_not_be_whole_but_an_item_of_a_list_has_to(
    tmp_path: Path, spec: str, missing: str | None
) -> None:
    text = SET.format(generator="list: {elements: [{chart: web, path: '', name: x, server: ''}]}")
    got = found(tmp_path, {"set.yaml": f"{text}  templatePatch: 'spec: {{{spec}}}'\n"}, CODE)
    told = [each.splitlines()[0] for each in got if "the template patch" in each]
    assert (
        told == [f"set.yaml:13:18: warning: ApplicationSet web: the template patch: {missing}"][: missing is not None]
    )


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("source: {repoURL: x}", "6:11: error: Application web has a source with none of path or chart"),
        ("source: {repoURL: x, ref: r}", "6:11: error: Application web has a source with none of path or chart"),
        ("source: {repoURL: x, path: ''}", "6:11: error: Application web has a source with none of path or chart"),
        ("source: {repoURL: '', path: p}", "6:21: error: Application web has a source with an empty repoURL"),
        (
            "sources: [{repoURL: x, ref: r}, {repoURL: x}]",
            "6:35: error: Application web has a source with none of path, chart or ref",
        ),
    ],
)
def test_a_source_that_brings_nothing_is_refused(tmp_path: Path, new: str, message: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app().replace("source: {repoURL: x, path: p}", new)}, CODE)
    assert got.splitlines()[0] == f"app.yaml:{message}"


SECOND_SOURCE = "sources: [{repoURL: z, path: q}]"


@pytest.mark.parametrize("source", ["{repoURL: x}", "{repoURL: '', path: p}", "{repoURL: x, path: p, chart: c}"])
def test_a_source_beside_sources_is_not_judged_but_told_as_one_that_nothing_reads(tmp_path: Path, source: str) -> None:
    """Argo CD leaves the field source alone where there are sources: validation and rendering pass it over."""
    spec = f"source: {source}\n  {SECOND_SOURCE}"
    told = (
        "app.yaml:6:3: warning: Application web has source beside sources, and Argo CD reads sources only\n"
        "hint: remove source, or make it one of the sources"
    )
    got = found(tmp_path, {"app.yaml": app().replace("source: {repoURL: x, path: p}", spec)}, CODE)
    assert got == ([told] if "path" in source else [])


@pytest.mark.parametrize(
    ("beside", "unread"),
    [("source: {repoURL: x, path: p}", "source"), (SECOND_SOURCE, "sources"), ("source: {repoURL: x}", None)],
)
def test_a_source_beside_one_that_is_hydrated_is_read_by_nobody(
    tmp_path: Path, beside: str, unread: str | None
) -> None:
    dry = "drySource: {repoURL: x, path: p, targetRevision: HEAD}"
    spec = f"{beside}\n  sourceHydrator: {{{dry}, syncSource: {{targetBranch: dev, path: p}}}}"
    expected = (
        f"app.yaml:6:3: warning: Application web has {unread} beside sourceHydrator, and Argo CD reads sourceHydrator "
        f"only\nhint: remove {unread}, or make it the drySource"
    )
    got = found(tmp_path, {"app.yaml": app().replace("source: {repoURL: x, path: p}", spec)}, CODE)
    assert got == ([expected] if unread else [])


def test_a_source_beside_sources_is_told_of_a_template_once_and_not_where_a_patch_brings_the_sources(
    tmp_path: Path,
) -> None:
    generator = (
        "list: {elements: [{chart: '', path: p, name: a, server: ''}, {chart: '', path: q, name: b, server: ''}]}"
    )
    text = SET.format(generator=generator)
    (got,) = found(tmp_path, {"set.yaml": text.replace("      source:", f"      {SECOND_SOURCE}\n      source:")}, CODE)
    assert got.splitlines()[0] == (
        "set.yaml:12:7: warning: ApplicationSet web has source beside sources, and Argo CD reads sources only"
    )
    assert found(tmp_path, {"set.yaml": f"{text}  templatePatch: 'spec: {{{SECOND_SOURCE}}}'\n"}, CODE) == []


@pytest.mark.parametrize("left", ["", "sources: []", "source:"])
def test_an_application_without_a_source_is_refused(tmp_path: Path, left: str) -> None:
    text = app().replace("source: {repoURL: x, path: p}", left)
    (got,) = found(tmp_path, {"app.yaml": MARK + text}, CODE)
    assert got.splitlines()[0] == "app.yaml:5:1: error: Application web has no source"
    (got,) = found(tmp_path, {"app.yaml": text}, CODE)
    assert got.splitlines()[0] == "app.yaml:4:1: warning: Application web has no source"


def test_a_source_hydrator_is_a_source(tmp_path: Path) -> None:
    text = app().replace("source: {repoURL: x, path: p}", HYDRATOR)
    assert found(tmp_path, {"app.yaml": text}, CODE) == []


HYDRATOR = """\
sourceHydrator:
    drySource: {repoURL: x, path: p, targetRevision: main, helm: {releaseName: web}}
    syncSource: {targetBranch: env/dev, path: dev}
    hydrateTo: {targetBranch: env/dev-next}"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("drySource", "drysource", ["error: there is no field drysource, and drySource is missing"]),
        ("targetBranch: env/dev, ", "", ["error: spec.sourceHydrator.syncSource: targetBranch is missing"]),
        ("releaseName", "release", ["warning: spec.sourceHydrator.drySource.helm.release: there is no field release"]),
        (", targetRevision: main", "", ["error: spec.sourceHydrator.drySource: targetRevision is missing"]),
        ("path: dev", "path: .", ["error: spec.sourceHydrator.syncSource.path: got '.', expected a folder below the"]),
    ],
    ids=["a field", "a branch", "a field of a tool", "a revision", "the root"],
)
def test_a_source_hydrator_has_its_own_fields(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    text = app().replace("source: {repoURL: x, path: p}", HYDRATOR.replace(old, new, 1))
    got = found(tmp_path, {"app.yaml": text}, CODE)
    assert len(got) == len(told)
    for each, expected in zip(got, told, strict=True):
        severity, _, message = expected.partition(": ")
        assert f": {severity}: Application web: " in each
        assert message in each


def test_a_source_that_an_element_leaves_empty_is_refused(tmp_path: Path) -> None:
    generator = "list: {elements: [{chart: '', path: '', name: a, server: ''}]}"
    assert found(tmp_path, {"set.yaml": SET.format(generator=generator)}, CODE) == [
        (
            "set.yaml:11:15: error: ApplicationSet web has a source with none of path or chart\n"
            "hint: add path for a git repository, chart for a chart repository"
        )
    ]


def test_an_empty_text_is_no_number_and_no_flag(tmp_path: Path) -> None:
    more = "syncPolicy: {automated: {prune: ''}, syncOptions: [''], retry: {limit: ''}}"
    assert [each.splitlines()[0] for each in found(tmp_path, {"app.yaml": app(more)}, CODE)] == [
        "app.yaml:8:35: error: Application web: spec.syncPolicy.automated.prune: got a string, expected true or false",
        "app.yaml:8:74: error: Application web: spec.syncPolicy.retry.limit: got a string, expected a whole number",
    ]


@pytest.mark.parametrize("limit", ["010", "08", "1e1"])
def test_a_flag_and_a_number_are_what_argo_cd_reads_them_as(tmp_path: Path, limit: str) -> None:
    """By sigs.k8s.io/yaml yes and y are true, 010 is 8, and 1e1 is 10; that readers differ is told by yaml-version."""
    more = f"syncPolicy: {{automated: {{prune: yes, selfHeal: y}}, retry: {{limit: {limit}}}}}"
    assert found(tmp_path, {"app.yaml": app(more)}, CODE) == []
    for word in ("on", "N"):
        files = {"app.yaml": app(f"info: [{{name: a, value: {word}}}]")}
        assert [each.splitlines()[0] for each in found(tmp_path, files, CODE)] == [
            "app.yaml:8:27: error: Application web: spec.info.0.value: got true or false, expected a string",
        ]


WITHOUT_GROUP = "22:7: error: AppProject dev: spec.clusterResourceWhitelist.0: group is missing\nhint: add group:"


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            MYAPP,
            "          - SkipDryRunOnMissingResource=true",
            "          -",
            (
                "107:12: error: ApplicationSet myapp: spec.template.spec.syncPolicy.syncOptions.1: got no value\n"
                "hint: write one, or remove the item"
            ),
        ),
        (DEV, '    - group: ""\n      kind: "Namespace"', '    - kind: "Namespace"', WITHOUT_GROUP),
    ],
)
def test_what_the_api_server_refuses_is_found(path: str, old: str, new: str, message: str) -> None:
    assert found_in_six_clusters(CODE, path, (old, new)) == [f"output/{path}:{message}"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("orphanedResources: {warn: tru}", "spec.orphanedResources.warn: got a string, expected true or false"),
        ("orphanedResources: {ignore: [{kid: Job}]}", "spec.orphanedResources.ignore.0.kid: there is no field kid"),
        ("signatureKeys: [{}]", "spec.signatureKeys.0: keyID is missing"),
        ("roles: [{policies: []}]", "spec.roles.0: name is missing"),
        ("roles: [{name: a, jwtTokens: [{iat: x}]}]", "spec.roles.0.jwtTokens.0.iat: got a string, expected"),
        ("destinationServiceAccounts: [{server: '*'}]", "spec.destinationServiceAccounts.0: defaultServiceAccount is"),
    ],
)
def test_what_a_project_says_is_of_the_type_that_argo_cd_reads(more: str, message: str) -> None:
    line = '  description: "dev"\n'
    (problem,) = found_in_six_clusters(CODE, DEV, (line, f"{line}  {more}\n"))
    assert f": error: AppProject dev: {message}" in problem


def test_a_project_may_say_all_that_argo_cd_knows() -> None:
    line = '  description: "dev"\n'
    more = """\
  orphanedResources: {warn: false, ignore: [{group: batch, kind: Job, name: "a-*"}]}
  signatureKeys: [{keyID: "4AEE18F83AFDEB23"}]
  roles: [{name: a, description: b, groups: [c], jwtTokens: [{iat: 1535390316, exp: 1535390317, id: d}]}]
  destinationServiceAccounts: [{server: "*", namespace: "*", defaultServiceAccount: "a:b"}]
"""
    assert found_in_six_clusters(CODE, DEV, (line, line + more)) == []


def test_an_object_of_ours_without_a_spec_is_found() -> None:
    (got,) = found_in_six_clusters(CODE, DEV, ("\nspec:\n", "\nspc:\n"))
    assert got == f"output/{DEV}:2:1: error: AppProject dev has no spec\nhint: add spec:"


@pytest.mark.parametrize(
    "left_out",
    [
        "  # ...",
        "  #...",
        "  # \u2026",
        "  # (...)",
        "# (... the rest as above ...)",
        "  # [\u2026]",
        "  # [omitted, as it is long]",
        "  revisionHistoryLimit: 3  # ...",
    ],
)
def test_what_an_excerpt_leaves_out_is_a_note_unless_an_application_brings_it(tmp_path: Path, left_out: str) -> None:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
    text = f"{head}  project: default\n{left_out}\n  source: {{repoURL: {URL}, path: web}}\n"
    assert found(tmp_path, {"docs/web.yaml": text}, CODE) == [
        (
            "docs/web.yaml:4:1: note: Application web: spec: destination is missing, in a file that leaves something "
            "out\n"
            "hint: add destination:"
        ),
    ]
    root = f"{head}  project: default\n  source: {{repoURL: {URL}, path: docs}}\n  destination: {{name: in-cluster}}\n"
    (got,) = found(tmp_path, {"root.yaml": root.replace("web", "root", 1)}, CODE)
    assert got.startswith("docs/web.yaml:4:1: error: Application web: spec: destination is missing\n")


@pytest.mark.parametrize("comment", ["# ... and so on", "# (see the list ...", "# as in (...) above", "# omitted"])
def test_a_comment_that_says_something_else_leaves_nothing_out(tmp_path: Path, comment: str) -> None:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
    text = f"{head}  project: default\n  {comment}\n  source: {{repoURL: {URL}, path: web}}\n"
    assert found(tmp_path, {"docs/web.yaml": text}, CODE) == [
        "docs/web.yaml:4:1: error: Application web: spec: destination is missing\nhint: add destination:",
    ]


def test_a_document_that_ends_leaves_nothing_out(tmp_path: Path) -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec: {project: default}\n...\n"
    (got, *_) = found(tmp_path, {"docs/web.yaml": text}, CODE)
    assert got.startswith("docs/web.yaml:4:1: error: Application web: spec: destination is missing\n")


@pytest.mark.parametrize(
    ("text", "place", "field"),
    [
        ("spec:\n  ...\n", "5:3", "spec"),
        ("spec:\n  sources: [{chart: web}]\n  destination: ...  # as above\n", "6:16", "spec.destination"),
    ],
)
def test_a_value_of_full_stops_stands_for_another(tmp_path: Path, text: str, place: str, field: str) -> None:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\n"
    got = found(tmp_path, {"docs/web.yaml": head + text}, CODE)
    assert got[-1] == (
        f"docs/web.yaml:{place}: note: Application web: {field}: got a string, expected a map, in a file that leaves "
        "something out\n"
        "hint: write a map"
    )


def test_an_object_that_is_called_by_an_ellipsis_is_a_form(tmp_path: Path) -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ...}\nspec:\n  ...\n"
    assert found(tmp_path, {"docs/web.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("metadata:\n  name: web\n  destination: {name: here}\nspec:\n", "app.yaml:5:3"),
        ("metadata: {name: web}\ndestination: {name: here}\nspec:\n", "app.yaml:4:1"),
    ],
    ids=["in the metadata", "beside the spec"],
)
def test_a_field_that_stands_outside_of_the_spec_is_told_there(tmp_path: Path, text: str, place: str) -> None:
    head = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\n{text}"
    files = {"app.yaml": f"{head}  project: default\n  source: {{repoURL: {URL}, path: web}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            f"{place}: error: Application web: spec: destination is missing, which stands outside of it\n"
            "hint: indent it as a field of spec"
        ),
    ]


@pytest.mark.parametrize(
    ("pointer", "meant"),
    [
        ("spec/replicas", "/spec/replicas"),
        (".spec.replicas", "/spec/replicas"),
        ("spec.replicas", "/spec/replicas"),
        ("metadata/annotations/a.b~1c", "/metadata/annotations/a.b~1c"),
    ],
)
def test_a_difference_that_is_named_by_no_pointer_is_found(tmp_path: Path, pointer: str, meant: str) -> None:
    ignored = f"ignoreDifferences: [{{group: apps, kind: Deployment, jsonPointers: [/status, {pointer}]}}]"
    assert found(tmp_path, {"web.yaml": app(ignored)}, CODE) == [
        (
            f"web.yaml:8:79: warning: Application web: ignoreDifferences: got the JSON pointer {pointer}, expected one "
            f"that begins with /; it ignores nothing\nhint: write {meant}"
        )
    ]


def test_a_difference_that_no_reader_of_jq_can_read_is_found(tmp_path: Path) -> None:
    ignored = "ignoreDifferences: [{group: apps, kind: Deployment, jqPathExpressions: [.a, '.b[', '.c[0]']}]"
    assert found(tmp_path, {"web.yaml": app(ignored)}, CODE) == [
        (
            "web.yaml:8:79: warning: Application web: ignoreDifferences: got the jq expression .b[, in which [ is not "
            "closed: Argo CD compares nothing with it\nhint: correct the expression"
        )
    ]


def test_a_difference_of_applications_that_is_named_by_no_pointer_is_found(tmp_path: Path) -> None:
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  generators: [{list: {elements: [{a: b}]}}]
  ignoreApplicationDifferences:
    - jsonPointers: [spec/source/targetRevision, /spec/syncPolicy, "{{path}}"]
  template:
    metadata: {name: "web-{{a}}"}
    spec:
      project: default
      source: {repoURL: x, path: p}
      destination: {name: here}
"""
    (problem,) = found(tmp_path, {"web.yaml": text}, CODE)
    assert problem.startswith(
        "web.yaml:7:22: warning: ApplicationSet web: ignoreApplicationDifferences: got the JSON pointer "
        "spec/source/targetRevision, expected one that begins with /"
    )


def test_two_generated_argo_cds_each_have_a_namespace_with_all_that_one_needs(tmp_path: Path) -> None:
    hub = (
        MARK + "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {{name: {0}, namespace: argocd-{0}}}\n"
        "spec: {{}}\n---\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"
        "metadata: {{name: web-{0}, namespace: argocd-{0}}}\n"
        "spec: {{generators: [], template: {{metadata: {{name: web}}, spec: {{project: {0}}}}}}}\n"
    )
    files = {f"{name}.yaml": hub.format(name) for name in ("dev", "prod")}
    assert not any("does not look" in each for each in found(tmp_path, files, CODE))
    files["prod.yaml"] = files["prod.yaml"].replace("argocd-prod", "argocd-prd", 1)
    assert [each.splitlines()[0] for each in found(tmp_path, files, CODE) if "does not look" in each] == [
        f"prod.yaml:{line}:{column}: error: {what} is in namespace argocd-{name}, where Argo CD does not look; the "
        "others are in argocd-dev"
        for line, column, what, name in (
            (4, 35, "AppProject prod", "prd"),
            (9, 39, "ApplicationSet web-prod", "prod"),
        )
    ]


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("kustomize: {images: [a=b:1], replicas: [{name: web, count: 2}], version: v5.4.3}", []),
        ("kustomize: {patches: [{target: {kind: Deployment}, patch: '[]'}], components: [../part]}", []),
        ("plugin: {name: a, env: [{name: A, value: b}], parameters: [{name: a, array: [b]}, {map: {c: d}}]}", []),
        (
            "kustomize: {image: [a=b:1]}",
            ["warning: Application web: spec.source.kustomize.image: there is no field image"],
        ),
        (
            "kustomize: {replicas: [{name: web}]}",
            ["error: Application web: spec.source.kustomize.replicas.0: count is missing"],
        ),
        (
            "kustomize: {commonLabels: {tier: 1}}",
            ["error: Application web: spec.source.kustomize.commonLabels.tier: got a number, expected a string"],
        ),
        (
            "plugin: {env: [{name: A, value: 1}]}",
            ["error: Application web: spec.source.plugin.env.0.value: got a number, expected a string"],
        ),
    ],
)
def test_the_settings_of_kustomize_and_of_a_plugin_have_fields_of_their_own(
    tmp_path: Path, tool: str, told: list[str]
) -> None:
    files = {"app.yaml": app().replace("path: p", f"path: p, {tool}")}
    assert [each.splitlines()[0].partition(": ")[2] for each in found(tmp_path, files, CODE)] == told


@pytest.mark.parametrize(
    ("item", "column", "said", "hint"),
    [
        ("group: core, kind: Secret", 31, "the group core has no kind Secret", "remove the group"),
        ("group: apps, kind: Secret", 31, "the group apps has no kind Secret", "remove the group"),
        ("kind: Deployment", 30, "without a group it is of the core, without Deployment", "write group: apps"),
        ("group: apps, kind: deployment", 43, "the group apps has no kind deployment", "write kind: Deployment"),
        ("kind: secret", 30, "without a group it is of the core, without secret", "write kind: Secret"),
        (
            "kind: Certificate",
            30,
            "without a group it is of the core, without Certificate",
            "write the group of Certificate, which is its apiVersion up to the slash",
        ),
        ("kind: Secret", None, "", ""),
        ('group: "", kind: Service', None, "", ""),
        ("group: apps, kind: StatefulSet", None, "", ""),
        ("group: cert-manager.io, kind: Certificate", None, "", ""),
        ('group: "*", kind: Deployment', None, "", ""),
        ('kind: "*"', None, "", ""),
        ('group: app*, kind: "Deploy*"', None, "", ""),
    ],
)
def test_differences_of_a_kind_that_its_group_has_not_are_found(
    tmp_path: Path, item: str, column: int | None, said: str, hint: str
) -> None:
    ignored = f"ignoreDifferences: [{{{item}, jsonPointers: [/data]}}]"
    expected = [
        f"web.yaml:8:{column}: warning: Application web: ignoreDifferences: {said}; it ignores nothing\nhint: {hint}"
    ]
    assert found(tmp_path, {"web.yaml": app(ignored)}, CODE) == (expected if column else [])


@pytest.mark.parametrize(
    ("pointer", "of", "meant"),
    [
        ("/metadata/annotations/example.org/hash", "annotations", "/metadata/annotations/example.org~1hash"),
        (
            "/spec/template/metadata/labels/example.org/a/b",
            "labels",
            "/spec/template/metadata/labels/example.org~1a~1b",
        ),
        ("/metadata/annotations/example.org~1hash", "", ""),
        ("/metadata/annotations", "", ""),
        ("/metadata/labels/app", "", ""),
        ("/spec/annotations/example.org/hash", "", ""),
    ],
)
def test_a_pointer_behind_the_value_of_an_annotation_is_found(
    tmp_path: Path, pointer: str, of: str, meant: str
) -> None:
    ignored = f"ignoreDifferences: [{{group: apps, kind: Deployment, jsonPointers: [{pointer}]}}]"
    expected = (
        f"web.yaml:8:70: warning: Application web: ignoreDifferences: the JSON pointer {pointer} goes on behind the "
        f"value of one of the {of}; it ignores nothing\nhint: write {meant}"
    )
    assert found(tmp_path, {"web.yaml": app(ignored)}, CODE) == ([expected] if meant else [])
