"""The Kubernetes Secrets that ExternalSecrets make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, application, changed
from tests.checks.trees import MARK, URL, found, found_in_six_clusters, found_in_wide

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-target"


def test_two_external_secrets_for_one_target_are_found(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/second.yaml": EXTERNAL_SECRET.replace("metadata:\n  name: db", "metadata:\n  name: other"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:11:11: error: ExternalSecret db makes the Secret db in namespace web of "
            "one, but ExternalSecret other makes it already\n"
            "hint: give the ExternalSecret a target of its own, or remove one of the two\n"
            "manifests/second.yaml:11:11: it stands here"
        ),
    ]


def test_two_that_may_be_for_two_argo_cds_are_a_warning(tmp_path: Path) -> None:
    files = {
        "apps/dev.yaml": application("web-dev", cluster="in-cluster", path="dev"),
        "apps/prod.yaml": application("web-prod", cluster="in-cluster", path="prod"),
        "dev/secret.yaml": EXTERNAL_SECRET,
        "prod/secret.yaml": EXTERNAL_SECRET.replace("metadata:\n  name: db", "metadata:\n  name: other"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "prod/secret.yaml:11:11: warning: ExternalSecret other makes the Secret db in namespace web of "
            "in-cluster, but ExternalSecret db makes it already, if one Argo CD has both\n"
            "hint: give the ExternalSecret a target of its own, or remove one of the two\n"
            "dev/secret.yaml:11:11: it stands here"
        ),
    ]


def of_type(name: str, *keys: str, policy: str = "Owner") -> dict[str, str]:
    """An ExternalSecret that makes a Secret of a type, with some keys."""
    target = f"    name: db\n    creationPolicy: {policy}\n    template: {{type: {name!r}}}\n  data"
    start, _, rest = EXTERNAL_SECRET.replace("    name: db\n  data", target).partition("  data:\n")
    item = "    - secretKey: {key}\n      remoteRef: {{key: prod/db, property: a}}\n"
    assert "secretKey" in rest
    return {**BY_HAND, SECRET_FILE: f"{start}  data:\n" + "".join(item.format(key=key) for key in keys)}


@pytest.mark.parametrize(
    ("name", "keys", "lacks"),
    [
        ("kubernetes.io/dockerconfigjson", ("config.json",), ".dockerconfigjson"),
        ("kubernetes.io/tls", ("tls.crt",), "tls.key"),
        ("kubernetes.io/tls", ("crt",), "tls.crt and the key tls.key"),
        ("kubernetes.io/ssh-auth", ("key",), "ssh-privatekey"),
        ("kubernetes.io/basic-auth", ("user",), "username"),
    ],
)
def test_a_type_of_kubernetes_wants_its_keys(tmp_path: Path, name: str, keys: tuple[str, ...], lacks: str) -> None:
    assert found(tmp_path, of_type(name, *keys), CODE) == [
        (
            f"manifests/secret.yaml:13:22: error: ExternalSecret db makes a Secret of type {name} without the key "
            f"{lacks}: Kubernetes refuses it\nhint: give it the key {lacks.partition(' ')[0]}, or leave the type out"
        )
    ]
    assert found(tmp_path, of_type(name, *keys, policy="Merge"), CODE) == []


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Opaque", ("a",)),
        ("example.com/tls", ("a",)),
        ("{{ .type }}", ("a",)),
        ("kubernetes.io/tls", ("tls.crt", "tls.key", "ca.crt")),
        ("kubernetes.io/dockerconfigjson", (".dockerconfigjson",)),
        ("kubernetes.io/basic-auth", ("password",)),
    ],
)
def test_a_type_with_its_keys_is_fine(tmp_path: Path, name: str, keys: tuple[str, ...]) -> None:
    assert found(tmp_path, of_type(name, *keys), CODE) == []


def test_a_slip_of_a_type_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, of_type("kubernetes.io/dockercofigjson", ".dockerconfigjson"), CODE) == [
        (
            "manifests/secret.yaml:13:22: warning: ExternalSecret db makes a Secret of type "
            "kubernetes.io/dockercofigjson, which is nearly kubernetes.io/dockerconfigjson\n"
            "hint: did you mean kubernetes.io/dockerconfigjson?"
        )
    ]


def test_two_targets_in_two_namespaces_are_two(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/second.yaml": EXTERNAL_SECRET.replace(
            "metadata:\n  name: db", "metadata:\n  name: other\n  namespace: api"
        ),
    }
    assert found(tmp_path, files, CODE) == []


def test_one_that_merges_may_share(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/second.yaml": EXTERNAL_SECRET.replace("metadata:\n  name: db", "metadata:\n  name: other").replace(
            "    name: db\n  data", "    name: db\n    creationPolicy: Merge\n  data"
        ),
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("policy", ["None", "Merge"])
def test_a_secret_that_nothing_makes_is_a_warning(policy: str) -> None:
    path = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
    assert found_in_six_clusters(CODE, path, ("creationPolicy: Owner", f"creationPolicy: {policy}")) == [
        (
            f"output/{path}:44:21: warning: ExternalSecret myapp-db-credentials has creationPolicy {policy}, which "
            "makes no Secret, and nothing here makes myapp-db-credentials in namespace myapp of myapp-production-usw2\n"
            "hint: write creationPolicy: Owner, unless somebody else makes the Secret"
        ),
    ]


def test_what_is_added_to_may_be_made_by_hand_and_what_is_made_too_is_there(tmp_path: Path) -> None:
    def problems(policy: str) -> list[str]:
        text = EXTERNAL_SECRET.replace("    name: db\n  data", f"    name: db\n    creationPolicy: {policy}\n  data")
        return found(tmp_path, {**BY_HAND, SECRET_FILE: text}, CODE)

    assert [len(problems(policy)) for policy in ("Merge", "CreateOrMerge", "Orphan", "None")] == [0, 0, 0, 1]


def test_without_a_target_the_own_name_counts(tmp_path: Path) -> None:
    second = EXTERNAL_SECRET.replace("  target:\n    name: db\n", "")
    first = second.replace("  name: db\nspec:", "  name: own\nspec:").replace(
        "  data:", "  target: {name: db}\n  data:"
    )
    assert found(tmp_path, {**BY_HAND, "manifests/first.yaml": first, SECRET_FILE: second}, CODE) == [
        (
            "manifests/secret.yaml:4:9: error: ExternalSecret db makes the Secret db in namespace web of one, "
            "but ExternalSecret own makes it already\n"
            "hint: give the ExternalSecret a target of its own, or remove one of the two\n"
            "manifests/first.yaml:10:18: it stands here"
        ),
    ]


def test_a_secret_in_git_of_that_name_is_found(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/plain.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:11:11: error: ExternalSecret db makes the Secret db in namespace web of "
            "one, but a Secret of that name is among the manifests too\n"
            "hint: give the ExternalSecret a target of its own, or remove one of the two\n"
            "manifests/plain.yaml:3:18: it stands here"
        ),
    ]


def test_a_key_twice_is_found(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE, ("  data:\n", "  data:\n    - secretKey: PASSWORD\n      remoteRef: {key: dev/web/db}\n")
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:15:18: error: ExternalSecret db has the key PASSWORD twice\n"
            "hint: rename one of the keys, or remove one of the entries\n"
            "manifests/secret.yaml:13:18: the first one"
        ),
    ]


def test_a_key_twice_is_taken_from_the_last_where_keys_are_deleted(tmp_path: Path) -> None:
    for policy in ("Delete", "Merge"):
        files = changed(
            SECRET_FILE,
            ("    name: db\n  data:\n", f"    name: db\n    deletionPolicy: {policy}\n  data:\n"),
            ("    - secretKey:", "    - secretKey: PASSWORD\n      remoteRef: {key: dev/web/db}\n    - secretKey:"),
        )
        (problem,) = found(tmp_path, files, CODE)
        assert "warning: ExternalSecret db has the key PASSWORD twice, and the last one counts" in problem


def test_an_object_of_another_kind_as_the_target_is_no_secret(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/second.yaml": EXTERNAL_SECRET.replace("metadata:\n  name: db", "metadata:\n  name: other").replace(
            "    name: db\n  data", "    name: db\n    manifest: {apiVersion: v1, kind: ConfigMap}\n  data"
        ),
    }
    assert found(tmp_path, files, CODE) == []


PAYMENTS = "environments/production/clusters/atlas-production-irl/apps/payments/manifests/secrets.yaml"
SIX = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


@pytest.mark.parametrize(
    "slip", ["passwrod", "Password", "password ", "/password", "password-", "password.", "password/"]
)
def test_a_property_with_a_slip_is_held_against_those_of_the_other_clusters(slip: str) -> None:
    assert found_in_six_clusters(CODE, SIX, ('property: "password"', f'property: "{slip}"')) == [
        (
            f"output/{SIX}:50:19: warning: ExternalSecret myapp-db-credentials takes DB_PASSWORD from the property "
            f"{slip!r} on myapp-production-usw2, and on more clusters from 'password'\n"
            "hint: write password, if that is what is meant\n"
            "output/environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml:50:19: myapp-dev-use1: "
            "password"
        ),
    ]


@pytest.mark.parametrize("other", ["pin", "password2", "0password", "pass/word/old"])
def test_another_property_may_be_what_a_cluster_has(other: str) -> None:
    assert found_in_six_clusters(CODE, SIX, ('property: "password"', f'property: "{other}"')) == []


def on_three_clusters(name: str, odd: str) -> dict[str, str]:
    """One ExternalSecret on three clusters of a generated set, that takes QUEUE_URL from url, and otherwise on one."""
    first = MARK + BY_HAND[SECRET_FILE].replace("PASSWORD", "QUEUE_URL").replace("property: password", "property: url")
    files = {f"on/{each}/secret.yaml": first for each in ("one", "three")}
    assert name in first
    return {
        "set.yaml": SET.replace("{cluster: two}", "{cluster: two}, {cluster: three}"),
        **files,
        "on/two/secret.yaml": first.replace(name, odd),
    }


@pytest.mark.parametrize(
    ("name", "odd", "told"),
    [
        (
            "property: url",
            "property: ur",
            "takes QUEUE_URL from the property 'ur' on two, and on more clusters from 'url'",
        ),
        (
            "property: url",
            "property: /url",
            "takes QUEUE_URL from the property '/url' on two, and on more clusters from",
        ),
        ("QUEUE_URL", "QUEUE_UR", "makes the key QUEUE_UR on two, and on more clusters QUEUE_URL"),
        ("QUEUE_URL", "QUEUE_URL-", "makes the key QUEUE_URL- on two, and on more clusters QUEUE_URL"),
        ("QUEUE_URL", "QUEUE-URL", "makes the key QUEUE-URL on two, and on more clusters QUEUE_URL"),
        ("property: url", "property: uri", None),
        ("property: url", "property: url2", None),
        ("QUEUE_URL", "QUEUE_URI", None),
        ("QUEUE_URL", "QUEUE_URL2", None),
    ],
)
def test_of_three_clusters_one_has_a_slip_in_a_short_word(
    tmp_path: Path, name: str, odd: str, told: str | None
) -> None:
    got = found(tmp_path, on_three_clusters(name, odd), CODE)
    assert [each.partition("\n")[0].partition("warning: ExternalSecret db ")[2][: len(told or "")] for each in got] == (
        [] if told is None else [told]
    )


REGIONS = "environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml"
LEFT_OUT = ('        property: "password"\n', "")


def test_the_whole_of_a_secret_of_which_others_take_a_property_is_found() -> None:
    assert found_in_six_clusters(CODE, REGIONS, LEFT_OUT) == [
        (
            f"output/{REGIONS}:48:7: warning: ExternalSecret myapp-db-credentials takes DB_PASSWORD from the whole of "
            "production/myapp/db-password on myapp-production-use1, and on more clusters from 'password'\n"
            "hint: write property: password\n"
            "output/environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml:50:19: myapp-dev-use1: "
            "password"
        ),
    ]


def test_a_secret_that_nobody_else_reads_may_have_no_properties() -> None:
    own = ('key: "production/myapp/db-password"', 'key: "production/myapp/plain"')
    assert found_in_six_clusters(CODE, REGIONS, LEFT_OUT, own) == []


def test_two_properties_that_are_exchanged_are_found() -> None:
    exchanged = (("USERNAME", "-"), ("PASSWORD", "USERNAME"), ("-", "PASSWORD"))
    changes = [(f'secretKey: "{old}"', f'secretKey: "{new}"') for old, new in exchanged]
    told = found_in_wide(CODE, PAYMENTS, *changes)
    assert [each.splitlines()[0].partition(" takes ")[2] for each in told] == [
        "PASSWORD from the property 'username' on atlas-production-irl, and on more clusters from 'password'",
        "USERNAME from the property 'password' on atlas-production-irl, and on more clusters from 'username'",
    ]


def test_a_property_that_two_keys_take_on_one_cluster_alone_is_found() -> None:
    told = found_in_wide(CODE, PAYMENTS, ('property: "username"', 'property: "password"'))
    assert [each.splitlines()[0].partition(" takes ")[2] for each in told] == [
        "USERNAME from the property 'password' on atlas-production-irl, and on more clusters from 'username'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'target:\n    name: "dash-admin"',
            'target:\n    name: "dash-admn"',
            "makes the Secret dash-admn on atlas-production-use1, and on more clusters dash-admin",
        ),
        (
            'secretKey: "admin-user"',
            'secretKey: "admin-usr"',
            "makes the key admin-usr on atlas-production-use1, and on more clusters admin-user",
        ),
    ],
)
def test_a_secret_or_a_key_that_is_called_otherwise_on_more_clusters_is_a_warning(
    old: str, new: str, message: str
) -> None:
    """No file says what reads them: the values of this chart are kept elsewhere."""
    path = "environments/production/clusters/atlas-production-use1/apps/dashboards/manifests/secrets.yaml"
    (got,) = found_in_wide(CODE, path, (old, new))
    assert got.startswith(f"platform/generated/{path}:")
    assert f": warning: ExternalSecret dash-admin {message}\nhint: write " in got


def test_an_external_secret_that_is_called_otherwise_with_its_secret_is_a_warning() -> None:
    path = "environments/production/clusters/atlas-production-use1/apps/dashboards/manifests/secrets.yaml"
    (got,) = found_in_wide(CODE, path, *[('  name: "dash-admin"', '  name: "dash-admn"')] * 2)
    assert "ExternalSecret dash-admn makes the Secret dash-admn on atlas-production-use1, and on more clusters" in got


def test_a_key_that_takes_the_secret_of_another_key_is_a_warning() -> None:
    path = "environments/production/clusters/atlas-production-irl/apps/payments/manifests/secrets.yaml"
    signing = '- secretKey: "key.pem"\n      remoteRef:\n        key: "production/payments/signing-key"'
    other = signing.replace("production/payments/signing-key", "production/shared/database")
    (got,) = found_in_wide(CODE, path, (signing, other))
    assert (
        "warning: ExternalSecret payments-signing-key takes key.pem from production/shared/database on "
        "atlas-production-irl, and on more clusters from .../signing-key\n"
    ) in got


def test_a_secret_whose_keys_all_take_another_one_was_moved_there() -> None:
    moved = ('key: "production/shared/database"', 'key: "production/shared/database-v2"')
    assert found_in_wide(CODE, PAYMENTS, moved, moved) == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('      type: "kubernetes.io/dockerconfigjson"\n', "", "Opaque"),
        ("kubernetes.io/dockerconfigjson", "example.com/token", "example.com/token"),
    ],
)
def test_a_secret_of_another_type_than_on_more_clusters_is_a_warning(old: str, new: str, kind: str) -> None:
    path = "environments/production/clusters/atlas-production-use1/apps/dashboards/manifests/secrets.yaml"
    (got,) = found_in_wide(CODE, path, (old, new))
    assert (
        f": warning: ExternalSecret dash-registry makes a Secret of type {kind} on atlas-production-use1, and on more "
        "clusters kubernetes.io/dockerconfigjson\nhint: write kubernetes.io/dockerconfigjson, if that is what is meant"
    ) in got


SET = f"""\
{MARK}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{{cluster: one}}, {{cluster: two}}]}}]
  template:
    metadata:
      name: "web-{{{{ .cluster }}}}"
    spec:
      project: default
      source: {{repoURL: {URL}, targetRevision: main, path: "on/{{{{ .cluster }}}}"}}
      destination:
        name: "{{{{ .cluster }}}}"
        namespace: web
"""


def on_two_clusters(old: str, new: str) -> dict[str, str]:
    """One ExternalSecret on two clusters of a generated set, with a text replaced on the second."""
    first = MARK + BY_HAND[SECRET_FILE]
    assert old in first, old
    return {"set.yaml": SET, "on/one/secret.yaml": first, "on/two/secret.yaml": first.replace(old, new)}


TYPED = ("    name: db\n  data", "    name: db\n    template: {type: kubernetes.io/dockerconfigjson}\n  data")


@pytest.mark.parametrize(
    ("change", "makes", "usual"),
    [
        (("property: password", "property: passwrd"), "takes PASSWORD from the property 'passwrd'", "from 'password'"),
        (("property: password", "property: 'password '"), "takes PASSWORD from the property 'password '", "from 'p"),
        (("secretKey: PASSWORD", "secretKey: PASSWRD"), "makes the key PASSWRD", "PASSWORD"),
        (TYPED, "makes a Secret of type kubernetes.io/dockerconfigjson", "Opaque"),
    ],
)
def test_of_two_clusters_one_has_a_slip(tmp_path: Path, change: tuple[str, str], makes: str, usual: str) -> None:
    told = found(tmp_path, on_two_clusters(*change), CODE)
    said = f": warning: ExternalSecret db {makes} on two, and on as many clusters {usual}"
    assert [each for each in told if each.startswith("on/two/secret.yaml:") and said in each], told


@pytest.mark.parametrize(
    "change",
    [
        ("property: password", "property: token"),
        ("property: password", "property: password2"),
        ("secretKey: PASSWORD", "secretKey: TOKEN"),
        ("key: dev/web/db", "key: dev/web/other"),
    ],
)
def test_two_clusters_may_read_two_things(tmp_path: Path, change: tuple[str, str]) -> None:
    assert found(tmp_path, on_two_clusters(*change), CODE) == []


@pytest.mark.parametrize("name", ["KUBERNETES.IO/TLS", "kubernetes.io/Tls", "kubernetes.io/tl\u0455"])
def test_a_type_in_other_letters_that_look_the_same_is_a_slip(tmp_path: Path, name: str) -> None:
    (told,) = found(tmp_path, of_type(name, "tls.crt", "tls.key"), CODE)
    assert f"makes a Secret of type {name}, which is nearly kubernetes.io/tls" in told
