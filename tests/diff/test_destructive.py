"""What takes something away or drops a guard is told first, with what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.diff import compare
from tests.tools.edited_fleets import everywhere, six

if TYPE_CHECKING:
    from collections.abc import Callable

Files = dict[str, str]
SECRETS = "environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml"
TFVARS = "environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
MYAPP = "argocd/applicationsets/myapp.yaml"
_ELEMENT = '          - application: "myapp-dev-use1"\n'


def told(old: Files, new: Files) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.code, each.what, each.names) for each in compare(old, new).destructive]


def swapped(path: str, old: str, new: str) -> Callable[[Files], Files]:
    return lambda files: everywhere(files, old, new, where=lambda each: each == path)


def without_element(files: Files) -> Files:
    text = files[MYAPP]
    start = text.index(_ELEMENT)
    end = text.index("          - application:", start + 1)
    return {**files, MYAPP: text[:start] + text[end:]}


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {each: text for each, text in files.items() if each != path}


ON = "myapp-dev-use1"
SERVICE_ACCOUNT = f"ServiceAccount myapp/myapp-eso on {ON}"
STORE = f"SecretStore myapp/myapp-secrets-manager on {ON}"
EXTERNAL_SECRET = f"ExternalSecret myapp/myapp-db-credentials on {ON}"
SET = "ApplicationSet argocd/myapp"
ALL = "that it installed on the cluster"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (without_element, ("application-removed", "Application removed", "myapp-dev-use1")),
        (
            swapped(MYAPP, '"myapp-dev-use1"\n            cluster', '"other"\n            cluster'),
            ("application-renamed", "Application renamed to other", "myapp-dev-use1"),
        ),
        (
            swapped(MYAPP, 'cluster: "myapp-dev-use1"', 'cluster: "elsewhere"'),
            ("destination-changed", "destination changed from cluster myapp-dev-use1 to elsewhere", "myapp-dev-use1"),
        ),
        (
            swapped(MYAPP, 'namespace: "myapp"', 'namespace: "shop"'),
            ("namespace-changed", "namespace of the destination changed: myapp -> shop", SET),
        ),
        (
            swapped(MYAPP, 'name: "{{ .application }}"', 'name: "x-{{ .application }}"'),
            (
                "application-renamed",
                "name of every Application changed: {{ .application }} -> x-{{ .application }}",
                SET,
            ),
        ),
        (
            swapped(MYAPP, "preserveResourcesOnDeletion: true", "preserveResourcesOnDeletion: false"),
            ("guard-dropped", "preserveResourcesOnDeletion dropped", SET),
        ),
        (
            swapped(MYAPP, "  syncPolicy:\n    preserveResourcesOnDeletion: true\n", ""),
            ("guard-dropped", "preserveResourcesOnDeletion dropped", SET),
        ),
        (
            swapped(
                MYAPP, "      labels:\n", "      finalizers: [resources-finalizer.argocd.argoproj.io]\n      labels:\n"
            ),
            ("guard-dropped", "resources finalizer added: resources-finalizer.argocd.argoproj.io", SET),
        ),
        (
            swapped(MYAPP, "prune: {{ .prune }}", "prune: true"),
            ("template-patch-changed", "patch of every Application changed in what is guarded", SET),
        ),
        (without("argocd/projects/dev.yaml"), ("project-removed", "AppProject removed", "dev")),
        (
            swapped("argocd/projects/dev.yaml", 'name: "dev"', 'name: "other"'),
            ("project-renamed", "AppProject dev renamed to other", "dev"),
        ),
        (
            swapped("argocd/projects/dev.yaml", '"https://charts.external-secrets.io"', '"*"'),
            ("guard-dropped", "project opened to everything: *", "AppProject argocd/dev"),
        ),
        (
            without(f"argocd/clusters/dev/{ON}.yaml"),
            ("cluster-registration-removed", "cluster registration removed", ON),
        ),
        (without(TFVARS), ("tfvars-removed", "tfvars removed", ON)),
        (
            swapped(SECRETS, "    deletionPolicy: Retain\n", "    deletionPolicy: Retain\n    template: {type: a/b}\n"),
            ("target-changed", "type of the Secret changed: a/b", EXTERNAL_SECRET),
        ),
        (
            swapped(SECRETS, '  name: "myapp-eso"\n  namespace', '  name: "other"\n  namespace'),
            ("service-account-renamed", "ServiceAccount myapp-eso renamed to other", f"myapp-eso on {ON}"),
        ),
        (
            swapped(SECRETS, 'name: "myapp-secrets-manager"\n  namespace', 'name: "other"\n  namespace'),
            ("store-renamed", "SecretStore myapp-secrets-manager renamed to other", f"myapp-secrets-manager on {ON}"),
        ),
        (
            swapped(SECRETS, "role/myapp-dev-use1-myapp-eso", "role/other"),
            (
                "role-changed",
                (
                    "role changed: arn:aws:iam::557702566877:role/myapp-dev-use1-myapp-eso -> "
                    "arn:aws:iam::557702566877:role/other"
                ),
                SERVICE_ACCOUNT,
            ),
        ),
        (
            swapped(
                SECRETS, 'serviceAccountRef:\n            name: "myapp-eso"', "serviceAccountRef:\n            name: o"
            ),
            ("subject-changed", "sign-in of the store changed: myapp-eso -> o", STORE),
        ),
        (
            swapped(SECRETS, "deletionPolicy: Retain", "deletionPolicy: Delete"),
            ("guard-dropped", "deletionPolicy Retain dropped: Retain -> Delete", EXTERNAL_SECRET),
        ),
        (
            swapped(TFVARS, 'service_account = "myapp-eso"', 'service_account = "other"'),
            ("subject-changed", "trusted subject of a role changed: myapp-eso -> other", ON),
        ),
        (
            swapped(TFVARS, 'role_name       = "myapp-dev-use1-myapp-eso"', 'role_name = "other"'),
            ("role-changed", "name of a role changed: myapp-dev-use1-myapp-eso -> other", ON),
        ),
        (
            swapped(TFVARS, '  "myapp" = {', '  "other" = {'),
            ("role-removed", "role removed: myapp-dev-use1-myapp-eso", ON),
        ),
        (
            swapped(TFVARS, '      "arn:aws:secretsmanager', '      "arn:aws:other'),
            (
                "permission-removed",
                (
                    "permission of a role removed: "
                    "arn:aws:secretsmanager:us-east-1:557702566877:secret:dev/myapp/db-password-??????"
                ),
                ON,
            ),
        ),
    ],
)
def test_what_is_destructive_is_told(edit: Callable[[Files], Files], expected: tuple[str, str, str]) -> None:
    code, what, name = expected

    assert told(six(), edit(six())) == [(code, what, (name,))]


@pytest.mark.parametrize(
    "edit",
    [
        swapped(SECRETS, "1h0m0s", "30m0s"),
        swapped(MYAPP, "limit: 10", "limit: 20"),
        swapped("argocd/projects/dev.yaml", 'description: "dev"', 'description: "other"'),
    ],
)
def test_what_is_not_destructive_is_not_told(edit: Callable[[Files], Files]) -> None:
    assert told(six(), edit(six())) == []


def test_nothing_that_is_added_is_destructive() -> None:
    assert told({}, six()) == []


def test_a_guard_counts_as_it_was() -> None:
    unguarded = everywhere(six(), "preserveResourcesOnDeletion: true", "preserveResourcesOnDeletion: false")

    bare, late = compare(unguarded, without_element(six())), compare(six(), without_element(unguarded))

    assert [(each.code, each.consequence) for each in (*bare.destructive, *late.destructive)] == [
        ("application-removed", f"Argo CD DELETES everything {ALL}: at the base, no guard preserves it"),
        ("guard-dropped", "when an Application goes, everything that it installed is deleted with it"),
        ("application-removed", "what it installed stays on the cluster, and nothing manages it any more"),
    ]


def test_an_element_of_the_git_file_generator_is_an_application_too() -> None:
    folder = "environments/{0}/clusters/c-{0}/apps/web/release.yaml"
    old = {
        folder.format(each): f"application: web-{each}\ncluster: c-{each}\nenvironment: {each}\nstage: '1'\n"
        for each in ("dev", "live")
    }
    spec = "spec:\n  syncPolicy:\n    preserveResourcesOnDeletion: true\n"
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: web\n{spec}"
    old["argocd/applicationsets/web.yaml"] = text

    assert told(old, without(folder.format("live"))(old)) == [
        ("application-removed", "Application removed", ("web-live",))
    ]


def test_another_generator_with_the_same_elements_removes_no_application() -> None:
    element = "application: web-dev\ncluster: c-dev\nenvironment: dev\n"
    head = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: web\nspec:\n  generators:\n"
    inner = "            ".join(element.splitlines(keepends=True))
    old = {"argocd/applicationsets/web.yaml": f"{head}    - list:\n        elements:\n          - {inner}"}
    new = {
        "argocd/applicationsets/web.yaml": f"{head}    - git:\n        files: [{{path: a}}]\n",
        "environments/dev/clusters/c-dev/apps/web/release.yaml": element,
    }

    assert told(old, new) == []


def test_a_resource_that_stands_in_another_file_of_the_cluster_is_not_gone() -> None:
    moved = SECRETS.replace("secrets.yaml", "chain.yaml")
    files = six()

    assert told(files, {moved if path == SECRETS else path: text for path, text in files.items()}) == []


def test_the_same_on_every_cluster_is_told_once_production_first() -> None:
    new = everywhere(six(), ":role/", ":role/x-", where=lambda path: path.endswith("secrets.yaml"))

    (found,) = compare(six(), new).destructive

    assert found.what == (
        "role changed: arn:aws:iam::<account>:role/<cluster>-myapp-eso -> "
        "arn:aws:iam::<account>:role/x-<cluster>-myapp-eso"
    )
    assert [place.environment for place in found.places] == [
        *("production", "production", "staging", "staging", "dev", "dev"),
    ]
