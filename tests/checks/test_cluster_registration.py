"""The Secrets that register clusters."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND as SOUND
from tests.checks.by_hand import TFVARS_FILE
from tests.checks.trees import MARK, found, found_in_six_clusters
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "cluster-registration"
SECRET = "argocd/clusters/dev/myapp-dev-use1.yaml"
TFVARS = "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
SERVER = "https://EXAMPLED539D4633E53DE1B51EXAMPLE.gr7.us-east-1.eks.amazonaws.com"

TAKE = "hint: take it from: aws eks describe-cluster --name NAME --query cluster.endpoint"
NAME = "hint: name the cluster and a role of its account in awsAuthConfig"

CONFIG = (
    '{{"awsAuthConfig": {{"clusterName": "{}", "roleARN": "arn:aws:iam::111122223333:role/{}"}}, '
    '"tlsClientConfig": {{"caData": "ZXhhbXBsZQ=="}}}}'
)
"""How Argo CD signs in to a cluster, by its name and the role."""

ENCODED = "data: {server: aHR0cHM6Ly9hLmV4YW1wbGUuY29t}\nstringData:"
"""The server of a cluster in base64, before what stands there as text."""

BY_HAND = """\
apiVersion: v1
kind: Secret
metadata:
  name: {name}
  labels: {labels}
stringData:
  name: {name}
  server: {server}
  config: '{config}'
"""


def secret(
    name: str = "a",
    *,
    server: str = "https://a.example.com",
    config: str = "{}",
    labels: str = "{argocd.argoproj.io/secret-type: cluster}",
) -> str:
    return BY_HAND.format(name=name, server=server, config=config, labels=labels)


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, SECRET) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            SERVER,
            f"{SERVER}x",
            (
                f"16:11: error: the server of myapp-dev-use1: got the domain amazonaws.comx, expected "
                f"amazonaws.com\n{TAKE}"
            ),
        ),
        (
            ".eks.amazonaws.com",
            ".api.amazonwebservices.com.cn",
            (
                "16:11: error: the server of myapp-dev-use1: got the domain api.amazonwebservices.com.cn, expected "
                f"api.aws\n{TAKE}"
            ),
        ),
        (
            ".gr7.us-east-1.",
            ".gr7.us-west-2.",
            f"16:11: error: the server of myapp-dev-use1: got the region us-west-2, expected us-east-1\n{TAKE}",
        ),
        (
            ".gr7.us-east-1.eks.",
            ".gr7.",
            (
                "16:11: error: the server of myapp-dev-use1: got "
                "https://EXAMPLED539D4633E53DE1B51EXAMPLE.gr7.amazonaws.com, "
                f"expected https://<id>.<part>.<region>.eks.<domain>\n{TAKE}"
            ),
        ),
        (
            '"clusterName": "myapp-dev-use1"',
            '"clusterName": "myapp-dev-usw2"',
            "17:11: error: the config of myapp-dev-use1: got clusterName myapp-dev-usw2, expected myapp-dev-use1\n"
            + NAME,
        ),
        (
            "557702566877:role",
            "111122223333:role",
            (
                "17:11: warning: the config of myapp-dev-use1: got a role of account 111122223333, "
                f"expected 557702566877, unless the cluster lets that role in\n{NAME}"
            ),
        ),
        (
            "tlsClientConfig",
            "tlsCientConfig",
            f"17:11: error: the config of myapp-dev-use1: got tlsCientConfig, expected tlsClientConfig\n{NAME}",
        ),
        (
            '"caData"',
            '"caDta"',
            f"17:11: error: the config of myapp-dev-use1: got tlsClientConfig.caDta, expected caData\n{NAME}",
        ),
        (
            "arn:aws:iam",
            "arn:aws-us-gov:iam",
            (
                "17:11: error: the config of myapp-dev-use1: roleARN: got the partition aws-us-gov, expected aws\n"
                + NAME
            ),
        ),
        (
            ":role/argocd-deployer",
            ":user/argocd-deployer",
            "17:11: error: the config of myapp-dev-use1: roleARN: ",
        ),
        (
            '"clusterName": "myapp-dev-use1", ',
            "",
            f"17:11: error: the config of myapp-dev-use1: awsAuthConfig has no clusterName\n{NAME}",
        ),
        (f'{SERVER}"', f'{SERVER}:44x"', "16:11: error: the server of myapp-dev-use1: got "),
        ("ZXhhbXBsZQ==", "not base64", "17:11: error: the config of myapp-dev-use1: caData: "),
        ('"insecure": false}}', '"insecure": false}', "17:11: error: the config of myapp-dev-use1: it is no JSON: "),
    ],
)
def test_what_is_of_another_cluster_or_of_none_is_found(old: str, new: str, message: str) -> None:
    (got,) = found_in_six_clusters(CODE, SECRET, (old, new))
    assert got.startswith(f"output/{SECRET}:{message}")
    assert got.endswith(f"\n{TFVARS}:1:1: the tfvars of the cluster")


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('  name: "myapp-dev-use1"\n  server', "  server", "14:1"),
        ('stringData:\n  name: "myapp-dev-use1"', 'stringData:\n  name: ""', "15:9"),
        ("stringData:", "strinData:", "3:1"),
    ],
)
def test_a_secret_of_ours_without_the_name_of_its_cluster_is_found(old: str, new: str, at: str) -> None:
    assert found_in_six_clusters(CODE, SECRET, (old, new))[:1] == [
        (
            f"output/{SECRET}:{at}: error: Secret myapp-dev-use1 carries the label of a cluster's Secret, but has no "
            "stringData.name: no Application finds it\n"
            "hint: write the name of the cluster"
        )
    ]


def test_a_name_that_nothing_else_has_is_found_in_our_files() -> None:
    renamed = ('  name: "myapp-dev-use1"\n  server', '  name: "myapp-dev-use9"\n  server')
    assert found_in_six_clusters(CODE, SECRET, renamed) == [
        (
            f"output/{SECRET}:15:9: error: Secret myapp-dev-use1 registers the cluster myapp-dev-use9, for which there "
            f"is no "
            "tfvars file and no Application\n"
            "hint: did you mean myapp-dev-use1?"
        ),
    ]


def test_the_file_of_a_cluster_that_nothing_else_names_is_the_other_end(tmp_path: Path) -> None:
    other = '# of another cluster\ncluster_name = "two"\nenv = "dev"\n'
    files = {"one.yaml": MARK + secret("one"), "two/two.tfvars": MARK + other, "one/one.tfvars": MARK + other}
    (problem,) = (each for each in found(tmp_path, files, CODE) if "no Application" in each)
    assert problem.splitlines()[1:] == [
        "hint: bring back what the files of the cluster said",
        "one/one.tfvars:3:16: its file is of another cluster",
    ]


def test_a_secret_that_lost_its_label_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRET, ("secret-type: cluster", "secret-type: clusters")) == [
        (
            f"output/{SECRET}:9:37: error: Secret myapp-dev-use1 has name, server and config of a cluster, but the "
            f"label "
            "argocd.argoproj.io/secret-type is clusters, expected cluster: Argo CD does not read it\n"
            "hint: write argocd.argoproj.io/secret-type: cluster"
        ),
    ]


def test_a_label_on_what_is_no_secret_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRET, ("kind: Secret", "kind: ConfigMap")) == [
        (
            f"output/{SECRET}:4:7: error: ConfigMap myapp-dev-use1 carries the label of a cluster's Secret, but its "
            f"kind is "
            "ConfigMap, expected Secret\n"
            "hint: write Secret"
        ),
    ]


@pytest.mark.parametrize(
    "server",
    [
        "https://kubernetes.default.svc",
        "<server>",
        "${server}",
        "https://<id>.gr7.eu-west-1.eks.amazonaws.com",
        "https://STAGING_API_SERVER",
        "https://YOUR-CLUSTER.gr7.eu-west-1.eks.amazonaws.com",
    ],
)
def test_the_own_cluster_of_several_argo_cds_and_a_form_of_one_are_no_two(tmp_path: Path, server: str) -> None:
    files = {"a.yaml": secret(server=f"'{server}'"), "b.yaml": secret("b", server=f"'{server}'")}
    assert found(tmp_path, files, CODE) == []


def test_a_cluster_that_aws_knows_by_its_arn_needs_no_config(tmp_path: Path) -> None:
    named = secret(server="arn:aws:eks:eu-west-1:111122223333:cluster/a").replace("  config: '{}'\n", "")
    assert found(tmp_path, {"a.yaml": named}, CODE) == []
    by_address = secret().replace("  config: '{}'\n", "")
    assert found(tmp_path / "b", {"a.yaml": by_address}, CODE) == [
        f"a.yaml:6:1: error: the config of a: there is none\n{NAME}"
    ]


def test_a_cluster_without_a_name_is_told_by_its_server(tmp_path: Path) -> None:
    text = secret(config="[]").replace("  name: a\n", "")
    assert found(tmp_path, {"a.yaml": text}, CODE) == [
        f"a.yaml:7:11: error: the config of https://a.example.com: it is no JSON object\n{NAME}"
    ]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("eks:eu-west-1:11112222333:cluster/one", "got 11 digits, expected 12; leading zeros count"),
        ("eks:eu-west-1:111122223334:cluster/one", "got the account 111122223334, expected 111122223333"),
        ("eks:eu-west-2:111122223333:cluster/one", "got the region eu-west-2, expected eu-west-1"),
        ("eks:eu-west-1:111122223333:clusters/one", "got the resource clusters/one, expected cluster/<name>"),
        ("eks:cn-north-1:111122223333:cluster/one", "got the partition aws with the region cn-north-1"),
        ("iam:eu-west-1:111122223333:cluster/one", "got an ARN of the service 'iam', expected eks"),
    ],
)
@pytest.mark.parametrize("config", ["  config: '{}'\n", ""])
def test_the_arn_of_a_cluster_is_one_in_its_account_and_region(
    tmp_path: Path, arn: str, expected: str, config: str
) -> None:
    named = secret("one", server=f"arn:aws:{arn}").replace("  config: '{}'\n", config)
    (got,) = found(tmp_path, {"a.yaml": named, TFVARS_FILE: SOUND[TFVARS_FILE]}, CODE)
    assert got.startswith(f"a.yaml:8:11: error: the server of one: {expected}")
    assert "\nhint: take it from: aws eks describe-cluster --name NAME --query cluster.arn\n" in got


def test_an_arn_that_somebody_fills_in_is_none(tmp_path: Path) -> None:
    for account in ("<account>", "ACCOUNT_ID", "${account}"):
        named = secret("one", server=f"'arn:aws:eks:eu-west-1:{account}:cluster/one'")
        assert found(tmp_path, {"a.yaml": named, TFVARS_FILE: SOUND[TFVARS_FILE]}, CODE) == []


def test_two_clusters_with_one_server_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": secret(), "b.yaml": secret("b")}, CODE) == [
        (
            "b.yaml:8:11: warning: two clusters are registered with the server https://a.example.com\n"
            "hint: give each cluster its own server\n"
            "a.yaml:8:11: the other one"
        ),
    ]


NO_ENDPOINT = "expected https://<id>.<part>.<region>.eks.<domain>"


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("https://0123.gr7.us-west-2.eks.amazonwas.com", "got the domain amazonwas.com, expected amazonaws.com"),
        ("https://0123.sk1.us-west-2.esk.amazonaws.com", None),
        ("https://0123.yl4.cn-north-1.eks.amaz.com.cn", "got the domain amaz.com.cn, expected amazonaws.com.cn"),
        ("https://0123.yl4.us-west-2.apiaws", None),
    ],
)
def test_a_slip_in_the_domain_is_found_by_the_part_before_the_region(
    tmp_path: Path, server: str, reason: str | None
) -> None:
    assert found(tmp_path, {"a.yaml": secret(server=server)}, CODE) == [
        f"a.yaml:8:11: error: the server of a: {reason or f'got {server}, {NO_ENDPOINT}'}\n{TAKE}"
    ]


@pytest.mark.parametrize(
    "text",
    [
        secret(server="https://eks.internal.example.com:6443"),
        secret(server="https://0123.sk1.us-west-2.eks.amazonaws.com"),
        secret(server="https://0123.yl4.cn-north-1.eks.amazonaws.com.cn"),
        secret(server="https://0123.gr7.us-west-2.api.aws"),
        secret(server="https://0123.yl4.cn-north-1.api.amazonwebservices.com.cn"),
        secret(config='{"awsAuthConfig": {"clusterName": "other"}}'),
        secret(config='{"bearerToken": "{{ token }}"}'),
        secret(
            config='{"execProviderConfig": {"command": "argocd-k8s-auth", "args": ["gcp"], "env": {"A": "b", "C": null}'
            ', "apiVersion": "client.authentication.k8s.io/v1beta1", "installHint": null}, "disableCompression": true}'
        ),
        secret(
            config='{"username": null, "tlsClientConfig": {"insecure": null}, "execProviderConfig": {"args": null}}'
        ),
        secret(config='{"tlsClientConfig": {"insecure": "<true or false>"}, "bearerToken": "<token>"}'),
        secret().replace("stringData:", "data:"),
        secret(server="https://kubernetes.default.svc").replace("  config: '{}'\n", ""),
        secret(server="http://proxy.tools.svc:8001").replace("  config: '{}'\n", ""),
        secret().replace("  config: '{}'\n", "data: {config: e30=}\n"),
        secret().replace("  server: https://a.example.com\n", "").replace("stringData:", ENCODED),
    ],
)
def test_clusters_of_any_kind_are_welcome(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"a.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (secret(server="''"), "a.yaml:8:11: error: the server of a: there is none"),
        (secret(config=""), "a.yaml:9:11: error: the config of a: there is none"),
        (secret().replace("  config: '{}'\n", ""), "a.yaml:6:1: error: the config of a: there is none"),
        (secret(config="[]"), "a.yaml:9:11: error: the config of a: it is no JSON object"),
        (
            secret(labels="{app: x}"),
            (
                "a.yaml:5:3: warning: Secret a has name, server and config of a cluster, but the label "
                "argocd.argoproj.io/secret-type is missing, expected cluster: Argo CD does not read it"
            ),
        ),
    ],
)
def test_what_is_missing_by_hand_is_found(tmp_path: Path, text: str, message: str) -> None:
    (got,) = found(tmp_path, {"a.yaml": text}, CODE)
    assert got.splitlines()[0] == message


def test_a_tfvars_file_for_a_cluster_that_nothing_lands_on_is_a_slip_of_the_one_without() -> None:
    path = "environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
    (problem,) = found_in_six_clusters(CODE, path, ('"myapp-dev-use1"', '"myapp-dev-use9"'))
    assert "for which there is no tfvars file; one is for another that no Application lands on" in problem
    assert f"output/{path}:2:" in problem


def test_the_form_of_a_cluster_secret_registers_no_cluster(tmp_path: Path) -> None:
    text = """
        apiVersion: v1
        kind: Secret
        metadata:
          name: <cluster>
          labels: {argocd.argoproj.io/secret-type: cluster}
        stringData: {name: <cluster>, server: "", config: ""}
        """
    assert found(tmp_path, {"forms/cluster.yaml": text}, CODE) == []
    assert found(tmp_path, {"clusters/blue.yaml": text.replace("<cluster>", "blue")}, CODE) == [
        f"clusters/blue.yaml:6:34: error: the server of blue: there is none\n{TAKE}",
        f"clusters/blue.yaml:6:46: error: the config of blue: there is none\n{NAME}",
    ]


@pytest.mark.parametrize(
    "config",
    [
        '{"bearerToken": "<token>", "tlsClientConfig": {"insecure": false, "caData": "<base64 of the CA>"}}',
        '{"bearerToken": "x", "tlsClientConfig": {"caData": "BASE64_OF_THE_CA"}}',
        '{"bearerToken": "x", "tlsClientConfig": {"caData": "LS0tLS1CRUdJTi..."}}',
        '{"awsAuthConfig": {"clusterName": "a", "roleARN": "arn:aws:iam::<account>:role/<role>"}}',
        '{"awsAuthConfig": {"clusterName": "a", "roleARN": "arn:aws:iam::ACCOUNT_ID:role/deployer"}}',
    ],
)
def test_what_is_filled_in_first_in_a_config_is_not_judged(tmp_path: Path, config: str) -> None:
    assert found(tmp_path, {"clusters/a.yaml": secret(config=config)}, CODE) == []


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ('{"tlsClientConfig": {"caData": "<ca>", "insecure": true}}', "caData: got insecure: true beside it"),
        ('{"tlsClientConfig": {"caData": "a b"}}', "caData: got "),
        ('{"awsAuthConfig": {"roleARN": "arn:aws:iam::<account>:role/a"}}', "awsAuthConfig has no clusterName"),
        (
            '{"execProviderConfig": {"command": "argocd-k8s-auth", "args": "gcp"}}',
            "execProviderConfig.args: got a string, expected a list: Argo CD cannot read the Secret",
        ),
        (
            '{"execProviderConfig": {"command": "aws", "args": ["eks", 1]}}',
            "execProviderConfig.args.1: got a number, expected a string: Argo CD cannot read the Secret",
        ),
        (
            '{"execProviderConfig": {"command": "aws", "env": [{"name": "AWS_REGION", "value": "eu-west-1"}]}}',
            "execProviderConfig.env: got a list, expected a map: Argo CD cannot read the Secret",
        ),
        (
            '{"execproviderconfig": {"env": {"DEBUG": true}}}',
            "execproviderconfig.env.DEBUG: got true or false, expected a string: Argo CD cannot read the Secret",
        ),
        (
            '{"tlsClientConfig": {"insecure": "true"}}',
            "tlsClientConfig.insecure: got a string, expected true or false: Argo CD cannot read the Secret",
        ),
        ('{"bearerToken": {"token": "<t>"}}', "bearerToken: got a map, expected a string"),
        ('{"tlsClientConfig": []}', "tlsClientConfig: got a list, expected a map"),
    ],
)
def test_what_else_a_config_says_is(tmp_path: Path, config: str, reason: str) -> None:
    (got,) = found(tmp_path, {"clusters/a.yaml": secret(config=config)}, CODE)
    assert got.startswith(f"clusters/a.yaml:9:11: error: the config of a: {reason}")


def test_a_placeholder_in_a_generated_config_is_judged() -> None:
    (got,) = found_in_six_clusters(CODE, SECRET, ("ZXhhbXBsZQ==", "<the certificate>"))
    assert got.startswith(f"output/{SECRET}:17:11: error: the config of myapp-dev-use1: caData: ")


def test_a_placeholder_in_a_generated_secret_is_judged() -> None:
    changes = (('  name: "myapp-dev-use1"', '  name: "<cluster>"'), ('server: "https', 'server: "http'))
    assert found_in_six_clusters(CODE, SECRET, *changes) == [
        (
            "output/argocd/clusters/dev/myapp-dev-use1.yaml:16:11: error: the server of myapp-dev-use1: got "
            "http://EXAMPLED539D4633E53DE1B51EXAMPLE.gr7.us-east-1.eks.amazonaws.com, expected "
            f"https://<id>.<part>.<region>.eks.<domain>\n{TAKE}\n"
            "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars:1:1: the tfvars of the cluster"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"awsAuthConfig"', '"clusterName"', "got clusterName, which Argo CD does not read"),
        ('"insecure"', '"verify"', "got tlsClientConfig.verify, which Argo CD does not read"),
        (
            '"caData": "ZXhhbXBsZQ==", ',
            "",
            "there is no tlsClientConfig.caData, so the certificate of the endpoint is not trusted",
        ),
        ('"awsAuthConfig"', '"proxyUrl": "", "username": "deployer", "execProviderConfig"', None),
        ('"caData": "ZXhhbXBsZQ==", "insecure": false', '"insecure": true', None),
        ('"awsAuthConfig"', '"AWSAuthConfig"', None),
    ],
)
def test_a_generated_config_says_what_argo_cd_needs_and_nothing_else(old: str, new: str, reason: str | None) -> None:
    lines = [each.splitlines()[0] for each in found_in_six_clusters(CODE, SECRET, (old, new))]
    expected = f"output/{SECRET}:17:11: warning: the config of myapp-dev-use1: {reason}"
    assert lines == ([] if reason is None else [expected])


def test_an_authority_beside_insecure_is_none(tmp_path: Path) -> None:
    config = '{"tlsClientConfig": {"caData": "ZXhhbXBsZQ==", "insecure": true}}'
    (got,) = found(tmp_path, {"a.yaml": secret(config=config)}, CODE)
    assert got.splitlines()[0].partition("caData: ")[2] == (
        "got insecure: true beside it, and Kubernetes' client takes one of the two"
    )


def test_a_generated_config_without_a_way_to_sign_in_is_found() -> None:
    role = "arn:aws:iam::557702566877:role/argocd-deployer"
    block = f'"awsAuthConfig": {{"clusterName": "myapp-dev-use1", "roleARN": "{role}"}}'
    (got,) = found_in_six_clusters(CODE, SECRET, (f"{block}, ", ""))
    assert got.splitlines()[0] == (
        f"output/{SECRET}:17:11: warning: the config of myapp-dev-use1: nothing says how Argo CD signs in"
    )


def test_the_endpoint_of_another_cluster_of_the_region_is_told_by_its_id() -> None:
    other = "environments/staging/clusters/myapp-staging-use1/myapp-staging-use1.tfvars"
    change = ("https://EXAMPLED539D4633E53DE1B51EXAMPLE", "https://EXAMPLED539D4633E53DE1B61EXAMPLE")
    assert [each for each in found_in_six_clusters(CODE, SECRET, change) if SECRET in each.splitlines()[0]] == [
        (
            f"output/{SECRET}:16:11: error: the server of myapp-dev-use1: got the endpoint of myapp-staging-use1, by "
            f"its id\n{TAKE}\n"
            f"output/{other}:6:21: the id is that of myapp-staging-use1\n"
            f"{TFVARS}:1:1: the tfvars of the cluster"
        )
    ]


def test_an_id_that_two_issuers_share_is_no_clusters(tmp_path: Path) -> None:
    variables = 'cluster_name = "{name}"\noidc_provider = "oidc.eks.us-east-1.amazonaws.com/id/AAAA"\n'
    files = {
        "a.yaml": secret(server="https://AAAA.gr7.us-east-1.eks.amazonaws.com"),
        "b.tfvars": variables.format(name="b"),
        "c.tfvars": variables.format(name="c"),
        "a.tfvars": variables.format(name="a").replace("AAAA", "DDDD"),
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    "new",
    [
        "EXAMPLED539D4633E53DE1B41EXAMPLE",
        "EXAMPLED539D4633E53DE1B1EXAMPLE",
        "EXAMPLED539D4633E53DE1B15EXAMPLE",
    ],
)
def test_an_endpoint_whose_id_is_almost_that_of_the_issuer_is_a_warning(new: str) -> None:
    (got, *_) = reversed(
        found_in_six_clusters(CODE, SECRET, ("https://EXAMPLED539D4633E53DE1B51EXAMPLE", f"https://{new}"))
    )
    assert got.splitlines()[0] == (
        f"output/{SECRET}:16:11: warning: the server of myapp-dev-use1: got the id {new}, and that of its OIDC issuer "
        "is EXAMPLED539D4633E53DE1B51EXAMPLE"
    )


def test_a_cluster_that_was_made_anew_in_one_of_its_two_files_is_a_warning() -> None:
    old, new = "EXAMPLED539D4633E53DE1B51EXAMPLE", "0123456789ABCDEF0123456789ABCDEF"
    told = (
        "the server of myapp-dev-use1: got the id {}, and that of its OIDC issuer is {}; the other clusters have one "
        "id for both\nhint: take both from: aws eks describe-cluster --name NAME\n"
        f"{TFVARS}:6:21: the issuer of the cluster"
    )
    assert found_in_six_clusters(CODE, SECRET, (f"https://{old}", f"https://{new}")) == [
        f"output/{SECRET}:16:11: warning: {told.format(new, old)}"
    ]
    path = TFVARS.removeprefix("output/")
    assert found_in_six_clusters(CODE, path, (old, new), (old, new)) == [
        f"output/{SECRET}:16:11: warning: {told.format(old, new)}"
    ]


def test_endpoints_that_never_have_the_id_of_the_issuer_are_nobodys_mistake(tmp_path: Path) -> None:
    files = {}
    for name in ("a", "b", "c"):
        issuer, endpoint = (each * 16 + name.upper() * 16 for each in "12")
        files[f"{name}.yaml"] = MARK + secret(
            name, server=f"https://{endpoint}.gr7.us-east-1.eks.amazonaws.com", config=CONFIG.format(name, "deployer")
        )
        files[f"{name}.tfvars"] = (
            f'cluster_name = "{name}"\noidc_provider = "oidc.eks.us-east-1.amazonaws.com/id/{issuer}"\n'
        )
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(("role", "is_found"), [("deploier", True), ("deployer-2", False), ("rollout", False)])
def test_a_role_that_is_a_letter_away_from_that_of_the_others_is_a_warning(
    tmp_path: Path, role: str, *, is_found: bool
) -> None:
    roles = {"a": "deployer", "b": role, "c": "deployer", "d": "deployer"}
    files = {
        f"{name}.yaml": MARK
        + secret(
            name,
            server=f"https://{name * 32}.gr7.us-east-1.eks.amazonaws.com".lower(),
            config=CONFIG.format(name, each),
        )
        for name, each in roles.items()
    }
    told = (
        f"b.yaml:10:11: warning: the config of b: got role/{role}, and the other clusters have role/deployer\n"
        "hint: write role/deployer, if that is what is meant\n"
        "a.yaml:10:11: role/deployer is here"
    )
    assert found(tmp_path, files, CODE) == ([told] if is_found else [])
    by_hand = {path: text.removeprefix(MARK) for path, text in files.items()}
    assert found(tmp_path, by_hand, CODE) == []


def test_an_endpoint_may_have_an_id_of_its_own() -> None:
    change = ("https://EXAMPLED539D4633E53DE1B51EXAMPLE", "https://ABCDEF")
    assert found_in_six_clusters(CODE, SECRET, change) == []


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("tye: Opaque", "13:1: error: Secret myapp-dev-use1: there is no field tye\nhint: did you mean type?"),
        ("type: 1", "13:7: error: Secret myapp-dev-use1: its type is no string\nhint: write type: Opaque"),
        (
            "type: kubernetes.io/tls",
            (
                "13:7: error: Secret myapp-dev-use1: the API server refuses a Secret of type kubernetes.io/tls "
                "without tls.crt and tls.key\nhint: write type: Opaque"
            ),
        ),
    ],
)
def test_a_field_that_no_secret_has_and_a_type_that_does_not_fit_are_found(new: str, message: str) -> None:
    assert found_in_six_clusters(CODE, SECRET, ("type: Opaque", new)) == [f"output/{SECRET}:{message}"]


@pytest.mark.parametrize("kind", ["ExternalSecret", "SealedSecret", "VaultStaticSecret", "OnePasswordItem"])
def test_what_makes_a_secret_of_a_cluster_may_have_its_label(tmp_path: Path, kind: str) -> None:
    metadata = "{name: a, labels: {argocd.argoproj.io/secret-type: cluster}}"
    text = f"apiVersion: example.com/v1\nkind: {kind}\nmetadata: {metadata}\n"
    assert found(tmp_path, {"a.yaml": text}, CODE) == []


def test_braces_in_a_generated_config_are_no_template() -> None:
    (got,) = found_in_six_clusters(CODE, SECRET, ('{"awsAuthConfig": {', '{"awsAuthConfig": {{'))
    assert "error: the config of myapp-dev-use1: it is no JSON" in got


def test_data_that_is_no_base64_is_found_in_a_generated_secret() -> None:
    assert found_in_six_clusters(CODE, SECRET, ("stringData:", "data:")) == [
        (
            f"output/{SECRET}:15:9: error: Secret myapp-dev-use1: its name is no base64, as values of data are\n"
            "hint: write stringData instead of data"
        )
    ]
    name, server, config = (b64encode(each).decode() for each in (b"a", b"https://a.example.com", b"{}"))
    encoded = f'data:\n  name: "{name}"\n  server: "{server}"\n  config: "{config}"\n'
    text = real().files[SECRET]
    assert found_in_six_clusters(CODE, SECRET, (text[text.index("stringData:") :], encoded)) == []


def test_the_authority_of_another_cluster_is_found_in_generated_files(tmp_path: Path) -> None:
    def files(mark: str, begin: str) -> dict[str, str]:
        config = CONFIG.replace("ZXhhbXBsZQ==", f"{begin}{'TUlJ' * 100}")
        return {
            f"{name}.yaml": mark
            + secret(
                name,
                server=f"https://{name.upper() * 32}.gr7.us-east-1.eks.amazonaws.com",
                config=config.format(name, "deployer"),
            )
            for name in ("a", "b")
        }

    certificate = b64encode(b"-----BEGIN CERTIFICATE-----").decode()
    assert found(tmp_path, files(MARK, certificate), CODE) == [
        (
            "b.yaml:10:11: error: the config of b: got the caData of a, and EKS makes an authority for each cluster\n"
            "hint: take it from: aws eks describe-cluster --name NAME --query cluster.certificateAuthority.data\n"
            "a.yaml:10:11: a has it here"
        )
    ]
    assert found(tmp_path, files("", certificate), CODE) == []
    assert found(tmp_path, files(MARK, "ZXhhbXBs"), CODE) == []


@pytest.mark.parametrize("kept", [0, 6, 8])
def test_the_file_of_a_cluster_that_lost_its_registration_is_found(kept: int) -> None:
    text = real().files[SECRET]
    rest = "".join(text.splitlines(keepends=True)[:kept])
    assert found_in_six_clusters(CODE, SECRET, (text, rest)) == [
        (
            f"output/{SECRET}{':3:1' if kept else ''}: error: the file stands where the Secret of the cluster "
            "myapp-dev-use1 belongs, and registers no cluster\n"
            "hint: generate it anew, or remove it if the cluster is registered elsewhere\n"
            "output/argocd/clusters/staging/myapp-staging-usw2.yaml:3:1: here is the Secret of another cluster"
        )
    ]


@pytest.mark.parametrize("rest", [f"{MARK}# registered elsewhere\n", MARK, f"{MARK}apiVersion: v1\nkind: ConfigMap\n"])
def test_a_file_that_is_not_meant_to_register_its_cluster_is_fine(rest: str) -> None:
    assert found_in_six_clusters(CODE, SECRET, (real().files[SECRET], rest)) == []


def test_a_file_of_which_its_template_left_the_mark_only_is_a_warning() -> None:
    text = real().files[SECRET]
    (told,) = found_in_six_clusters(CODE, SECRET, (text, text.splitlines(keepends=True)[0]))
    assert told.startswith(f"output/{SECRET}: warning: the file stands where the Secret of the cluster myapp-dev-use1")


def test_the_only_file_of_a_cluster_that_is_cut_off_is_found(tmp_path: Path) -> None:
    files = {**SOUND, "one.yaml": f"{MARK}apiVersion: v1\nkind: Secret\nmetadata: {{name: one, namespace: argocd}}\n"}
    (told,) = found(tmp_path, files, CODE)
    assert told.startswith("one.yaml:2:1: error: the file stands where the Secret of the cluster one belongs, and")
    assert found(tmp_path, {**files, "one.yaml": files["one.yaml"].replace("name: one", "name: other")}, CODE) == []


@pytest.mark.parametrize("server", ["https://kubernetes.edfault.svc", "https://kubernets.default.svc"])
def test_a_server_that_is_almost_that_of_argo_cds_own_cluster_is_found(tmp_path: Path, server: str) -> None:
    told = (
        f"a.yaml:{{}}:11: {{}}: the server of a: got {server}, expected https://kubernetes.default.svc, Argo CD's own "
        "cluster\nhint: write https://kubernetes.default.svc, or take it from: aws eks describe-cluster --name NAME "
        "--query cluster.endpoint"
    )
    text = secret(server=server)
    assert found(tmp_path, {"a.yaml": text}, CODE)[0] == told.format(8, "warning")
    assert found(tmp_path, {"a.yaml": MARK + text}, CODE)[0] == told.format(9, "error")
    kept = "https://kubernetes.default.svc"
    assert [
        each for each in found(tmp_path, {"a.yaml": MARK + secret(server=kept)}, CODE) if "the server" in each
    ] == []
