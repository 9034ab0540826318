"""The example Terraform module, planned for real from tfvars of the generated shape.

The whole root module is not validated here: that needs the AWS provider, and no test uses the network. So the
root is planned without main.tf, outputs.tf and versions.tf, and main.tf and outputs.tf are compared argument by
argument.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pygohcl
import pytest

from tests.tools.terraform import Configuration, Diagnostic, Plan, fmt_difference, requires_terraform

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = requires_terraform

EXAMPLE = Path(__file__).parent.parent / "examples" / "terraform"

TFVARS = """\
cluster_name      = "myapp-production-use1"
env               = "production"
account_id        = "444455556666"
aws_region        = "us-east-1"
oidc_provider     = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
oidc_provider_arn = "arn:aws:iam::444455556666:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"

eso_roles = {
  "myapp" = {
    role_name       = "myapp-production-use1-myapp-eso"
    namespace       = "myapp"
    service_account = "myapp-eso"
    secret_arns = [
      "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????",
    ]
    kms_key_arns = []
  }
}
"""  # noqa: E501
HEAD = TFVARS.partition("eso_roles")[0]

TWO_ROLES = """\
eso_roles = {
  "myapp" = {
    role_name       = "myapp-production-use1-myapp-eso"
    namespace       = "myapp"
    service_account = "myapp-eso"
    secret_arns = [
      "arn:aws:secretsmanager:us-west-2:444455556666:secret:production/myapp/api-key-??????",
      "arn:aws:secretsmanager:us-west-2:444455556666:secret:production/myapp/db-password-??????",
    ]
    kms_key_arns = [
      "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:us-west-2:999988887777:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    ]
  }
  "shop.web" = {
    role_name       = "myapp-production-use1-shop-web-eso"
    namespace       = "shop"
    service_account = "shop.web-eso"
    secret_arns = [
      "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/shop/token-AbC123",
    ]
    kms_key_arns = []
  }
}
"""

PROVIDER = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
PROVIDER_ARN = f"arn:aws:iam::444455556666:oidc-provider/{PROVIDER}"
SECRET_ARN = "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????"

# The values of TFVARS once more, as HCL, to be changed one at a time.
VARIABLES = {
    "cluster_name": '"myapp-production-use1"',
    "env": '"production"',
    "account_id": '"444455556666"',
    "aws_region": '"us-east-1"',
    "oidc_provider": f'"{PROVIDER}"',
    "oidc_provider_arn": f'"{PROVIDER_ARN}"',
}
ROLE = {
    "role_name": '"myapp-production-use1-myapp-eso"',
    "namespace": '"myapp"',
    "service_account": '"myapp-eso"',
    "secret_arns": f'["{SECRET_ARN}"]',
    "kms_key_arns": "[]",
}

IMPOSSIBLE_STRINGS = {
    "cluster_name": (
        ('cluster_name: got "<got>"; expected an EKS cluster name, 1 to 100 letters, digits, hyphens and underscores.'),
        ("", "a" * 101, "-myapp", "my.app"),
    ),
    "env": ('env: got "<got>"; expected the name of the environment.', ("", " ")),
    "account_id": (
        'account_id: got "<got>"; expected 12 digits in quotes, as in "012345678901".',
        ("", "4444-5555-6666", "44445555666", "4444555566667"),
    ),
    "aws_region": (
        'aws_region: got "<got>"; expected a region such as us-east-1.',
        ("", "us-east", "use1", "US-EAST-1", "us-east-1a"),
    ),
    "oidc_provider": (
        'oidc_provider: got "<got>"; expected the cluster\'s OIDC issuer without https://, <host>/id/<ID>.',
        (f"https://{PROVIDER}", f"{PROVIDER}/", "oidc.eks.us-east-1.amazonaws.com", f"{PROVIDER}:sub"),
    ),
    "oidc_provider_arn": (
        (
            'oidc_provider_arn: got "<got>"; expected '
            f"arn:<partition>:iam::444455556666:oidc-provider/{PROVIDER}, from account_id and oidc_provider."
        ),
        (
            PROVIDER,
            PROVIDER_ARN.replace("444455556666", "111122223333"),
            PROVIDER_ARN.replace("71EXAMPLE", "72EXAMPLE"),
            PROVIDER_ARN.replace("oidc.eks", "oidc-eks"),
            PROVIDER_ARN.replace("arn:aws", "arn:*"),
        ),
    ),
    "role_name": (
        ('eso_roles: got role_name "<got>" for myapp; expected 1 to 64 letters, digits and _+=,.@- characters.'),
        ("", "a" * 65, "path/to-role", "myapp-*"),
    ),
    "namespace": (
        (
            'eso_roles: got namespace "<got>" for myapp; '
            "expected a Kubernetes namespace, 1 to 63 lower case letters, digits and hyphens."
        ),
        ("", "a" * 64, "*", "My-App", "my.app", "-myapp", "myapp:other"),
    ),
    "service_account": (
        (
            'eso_roles: got service_account "<got>" for myapp; '
            "expected a Kubernetes name, 1 to 253 lower case letters, digits, hyphens and dots."
        ),
        ("", "a" * 254, "*", "Myapp-eso", "myapp-eso-", "myapp..eso"),
    ),
}

IMPOSSIBLE_ARNS = {
    "secret_arns": (
        (
            'eso_roles: got secret ARN "<got>" for myapp; expected one secret of this account, '
            "arn:aws:secretsmanager:<region>:444455556666:secret:<name>-??????, with no other wildcard."
        ),
        (
            "*",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:*",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/*",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/*/db-password-??????",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-??????-??????",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-???",
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password",
            "arn:aws:secretsmanager:*:444455556666:secret:production/myapp/db-password-??????",
            SECRET_ARN.replace("444455556666", "111122223333"),
            SECRET_ARN.replace("arn:aws", "arn:aws-cn"),
            "arn:aws:ssm:us-east-1:444455556666:parameter/production/myapp/db-password-??????",
        ),
    ),
    "kms_key_arns": (
        (
            'eso_roles: got KMS key ARN "<got>" for myapp; '
            "expected a key, not an alias: arn:aws:kms:<region>:<account>:key/<id>."
        ),
        (
            "arn:aws:kms:us-east-1:444455556666:alias/secrets",
            "arn:aws:kms:us-east-1:444455556666:key/*",
            "arn:aws-us-gov:kms:us-east-1:444455556666:key/1234abcd",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
    ),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    source = EXAMPLE / "modules" / "eso-role-documents"
    return Configuration.copied(source, tmp_path_factory.mktemp("documents") / "module")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """The root module without what needs the AWS provider. Its output is what the resources are given."""
    work = tmp_path_factory.mktemp("root")
    shutil.copytree(EXAMPLE, work / "source")
    for name in ("main.tf", "versions.tf"):
        (work / "source" / name).unlink()
    outputs = 'output "roles" {\n  value = module.documents.roles\n}\n'
    (work / "source" / "outputs.tf").write_text(outputs, encoding="utf-8")
    return Configuration.copied(work / "source", work / "module", workspace="myapp-production-use1")


def test_example_is_formatted() -> None:
    assert fmt_difference(EXAMPLE) == ""


@pytest.mark.parametrize("tfvars", [TFVARS, HEAD + TWO_ROLES, HEAD + "eso_roles = {}\n"])
def test_tfvars_of_the_generated_shape_are_formatted(tfvars: str, tmp_path: Path) -> None:
    path = tmp_path / "cluster.tfvars"
    path.write_text(tfvars, encoding="utf-8")
    assert fmt_difference(path) == ""


def test_documents_module_is_valid(documents: Configuration) -> None:
    assert documents.validate() == ()


def test_role_trusts_one_service_account_and_reads_one_secret(documents: Configuration) -> None:
    assert planned_roles(documents.plan(TFVARS)) == {
        "myapp": {
            "name": "myapp-production-use1-myapp-eso",
            "arn": "arn:aws:iam::444455556666:role/myapp-production-use1-myapp-eso",
            "description": "External Secrets reads the secrets of myapp on myapp-production-use1.",
            "tags": {"app": "myapp", "cluster": "myapp-production-use1", "environment": "production"},
            "trust_policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Principal": {"Federated": PROVIDER_ARN},
                        "Condition": {
                            "StringEquals": {
                                f"{PROVIDER}:aud": "sts.amazonaws.com",
                                f"{PROVIDER}:sub": "system:serviceaccount:myapp:myapp-eso",
                            }
                        },
                    }
                ],
            },
            "permissions_policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "secretsmanager:GetSecretValue",
                        "Resource": [SECRET_ARN],
                    }
                ],
            },
        }
    }


def test_cluster_without_secrets_gets_no_role(documents: Configuration) -> None:
    assert planned_roles(documents.plan(HEAD + "eso_roles = {}\n")) == {}


def test_two_apps_get_a_role_each_and_only_the_one_with_keys_decrypts(documents: Configuration) -> None:
    assert planned_roles(documents.plan(HEAD + TWO_ROLES)) == {
        "myapp": {
            "name": "myapp-production-use1-myapp-eso",
            "arn": "arn:aws:iam::444455556666:role/myapp-production-use1-myapp-eso",
            "description": "External Secrets reads the secrets of myapp on myapp-production-use1.",
            "tags": {"app": "myapp", "cluster": "myapp-production-use1", "environment": "production"},
            "trust_policy": trust_policy(PROVIDER_ARN, PROVIDER, "system:serviceaccount:myapp:myapp-eso"),
            "permissions_policy": policy(
                may_read(
                    "arn:aws:secretsmanager:us-west-2:444455556666:secret:production/myapp/api-key-??????",
                    "arn:aws:secretsmanager:us-west-2:444455556666:secret:production/myapp/db-password-??????",
                ),
                {
                    "Effect": "Allow",
                    "Action": "kms:Decrypt",
                    "Resource": [
                        "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                        "arn:aws:kms:us-west-2:999988887777:key/mrk-1234abcd12ab34cd56ef1234567890ab",
                    ],
                    "Condition": {"StringEquals": {"kms:ViaService": ["secretsmanager.us-west-2.amazonaws.com"]}},
                },
            ),
        },
        "shop.web": {
            "name": "myapp-production-use1-shop-web-eso",
            "arn": "arn:aws:iam::444455556666:role/myapp-production-use1-shop-web-eso",
            "description": "External Secrets reads the secrets of shop.web on myapp-production-use1.",
            "tags": {"app": "shop.web", "cluster": "myapp-production-use1", "environment": "production"},
            "trust_policy": trust_policy(PROVIDER_ARN, PROVIDER, "system:serviceaccount:shop:shop.web-eso"),
            "permissions_policy": policy(
                may_read("arn:aws:secretsmanager:us-east-1:444455556666:secret:production/shop/token-AbC123")
            ),
        },
    }


def test_keys_of_two_regions_are_used_through_secrets_manager_of_both(documents: Configuration) -> None:
    secret_arns = [SECRET_ARN.replace("us-east-1", "us-west-2"), SECRET_ARN]
    key_arns = ["arn:aws:kms:us-west-2:444455556666:key/b", "arn:aws:kms:us-east-1:444455556666:key/a"]
    tfvars = changed(secret_arns=json.dumps(secret_arns), kms_key_arns=json.dumps(key_arns))
    services = ["secretsmanager.us-east-1.amazonaws.com", "secretsmanager.us-west-2.amazonaws.com"]
    assert planned_roles(documents.plan(tfvars))["myapp"]["permissions_policy"] == policy(
        may_read(*secret_arns),
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": key_arns,
            "Condition": {"StringEquals": {"kms:ViaService": services}},
        },
    )


@pytest.mark.parametrize(
    ("partition", "region", "dns_suffix", "condition"),
    [
        (
            "aws-us-gov",
            "us-gov-west-1",
            "amazonaws.com",
            {"Condition": {"StringEquals": {"kms:ViaService": ["secretsmanager.us-gov-west-1.amazonaws.com"]}}},
        ),
        (
            "aws-cn",
            "cn-northwest-1",
            "amazonaws.com.cn",
            {"Condition": {"StringEquals": {"kms:ViaService": ["secretsmanager.cn-northwest-1.amazonaws.com"]}}},
        ),
        ("aws-eusc", "eusc-de-east-1", "amazonaws.eu", {}),
        ("aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov", {}),
    ],
)
def test_partition_of_the_cluster_stands_in_both_documents(
    documents: Configuration, partition: str, region: str, dns_suffix: str, condition: dict[str, object]
) -> None:
    provider = f"oidc.eks.{region}.{dns_suffix}/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
    provider_arn = f"arn:{partition}:iam::444455556666:oidc-provider/{provider}"
    secret_arn = f"arn:{partition}:secretsmanager:{region}:444455556666:secret:production/myapp/token-??????"
    key_arn = f"arn:{partition}:kms:{region}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    tfvars = changed(
        aws_region=json.dumps(region),
        oidc_provider=json.dumps(provider),
        oidc_provider_arn=json.dumps(provider_arn),
        secret_arns=json.dumps([secret_arn]),
        kms_key_arns=json.dumps([key_arn]),
    )
    assert planned_roles(documents.plan(tfvars)) == {
        "myapp": {
            "name": "myapp-production-use1-myapp-eso",
            "arn": f"arn:{partition}:iam::444455556666:role/myapp-production-use1-myapp-eso",
            "description": "External Secrets reads the secrets of myapp on myapp-production-use1.",
            "tags": {"app": "myapp", "cluster": "myapp-production-use1", "environment": "production"},
            "trust_policy": trust_policy(provider_arn, provider, "system:serviceaccount:myapp:myapp-eso"),
            "permissions_policy": policy(
                may_read(secret_arn),
                {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [key_arn], **condition},
            ),
        }
    }


def test_account_id_with_a_leading_zero_stays_a_string(documents: Configuration) -> None:
    roles = planned_roles(documents.plan(TFVARS.replace("444455556666", "012345678901")))
    assert roles["myapp"]["arn"] == "arn:aws:iam::012345678901:role/myapp-production-use1-myapp-eso"


def test_unquoted_account_id_that_lost_its_zero_is_refused(documents: Configuration) -> None:
    assert documents.plan(changed(account_id="012345678901")) == refusal(
        "Invalid value for variable",
        'account_id: got "12345678901"; expected 12 digits in quotes, as in "012345678901".',
    )


def impossible_values() -> Iterator[tuple[str, str, str]]:
    for attribute, (message, strings) in IMPOSSIBLE_STRINGS.items():
        for text in strings:
            yield attribute, json.dumps(text), message.replace("<got>", text)
    for attribute, (message, arns) in IMPOSSIBLE_ARNS.items():
        for arn in arns:
            yield attribute, json.dumps([arn]), message.replace("<got>", arn)


@pytest.mark.parametrize(("attribute", "value", "message"), list(impossible_values()))
def test_impossible_value_is_refused(documents: Configuration, attribute: str, value: str, message: str) -> None:
    assert documents.plan(changed(**{attribute: value})) == refusal("Invalid value for variable", message)


def test_issuer_of_another_region_is_refused(documents: Configuration) -> None:
    provider = PROVIDER.replace("us-east-1", "us-west-2")
    assert documents.plan(changed(oidc_provider=json.dumps(provider))) == refusal(
        "Invalid value for variable",
        f'oidc_provider: got "{provider}"; expected the issuer of a cluster in aws_region, us-east-1.',
    )


def test_longest_names_are_taken(documents: Configuration) -> None:
    role_name, namespace, service_account = "r" * 64, "n" * 63, "s" * 253
    tfvars = changed(
        role_name=json.dumps(role_name),
        namespace=json.dumps(namespace),
        service_account=json.dumps(service_account),
    )
    role = planned_roles(documents.plan(tfvars))["myapp"]
    assert role["name"] == role_name
    assert role["trust_policy"] == trust_policy(
        PROVIDER_ARN, PROVIDER, f"system:serviceaccount:{namespace}:{service_account}"
    )


def test_role_without_a_secret_is_refused(documents: Configuration) -> None:
    assert documents.plan(changed(secret_arns="[]")) == refusal(
        "Invalid value for variable",
        "eso_roles: got no secret_arns for myapp; expected at least one, or no role for that app.",
    )


def test_key_in_a_region_without_a_secret_is_refused(documents: Configuration) -> None:
    key_arn = "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert documents.plan(changed(kms_key_arns=json.dumps([key_arn]))) == refusal(
        "Invalid value for variable",
        f'eso_roles: got KMS key ARN "{key_arn}" for myapp; '
        "expected a key in the region of the secrets that it decrypts.",
    )


def test_role_names_that_differ_only_in_case_are_refused(documents: Configuration) -> None:
    roles = TWO_ROLES.replace("myapp-production-use1-shop-web-eso", "MyApp-production-use1-myapp-eso")
    assert documents.plan(HEAD + roles) == refusal(
        "Invalid value for variable",
        'eso_roles: got role names "myapp-production-use1-myapp-eso", "MyApp-production-use1-myapp-eso"; '
        "expected a different one for each app, in more than case.",
    )


def test_every_app_that_is_wrong_is_named(documents: Configuration) -> None:
    roles = TWO_ROLES.replace('namespace       = "', 'namespace       = "*')
    assert documents.plan(HEAD + roles) == refusal(
        "Invalid value for variable",
        'eso_roles: got namespace "*myapp" for myapp, "*shop" for shop.web; '
        "expected a Kubernetes namespace, 1 to 63 lower case letters, digits and hyphens.",
    )


def test_policy_beyond_the_quota_of_a_role_is_refused(documents: Configuration) -> None:
    secret_arns = [SECRET_ARN.replace("db-password", f"{number:03}") for number in range(150)]
    size = len(json.dumps(policy(may_read(*secret_arns)), separators=(",", ":")))
    assert documents.plan(changed(secret_arns=json.dumps(secret_arns))) == refusal(
        "Module output value precondition failed",
        f"eso_roles: got a policy of {size} characters for myapp; "
        "expected at most 10240 characters, the IAM quota of a role. "
        "Put values that belong together into one secret.",
    )


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("account_id", "{}", "string required."),
        ("env", '["production"]', "string required."),
        ("eso_roles", '"myapp"', "map of object required."),
        ("eso_roles", '["myapp"]', "map of object required."),
        ("eso_roles", '{ myapp = "myapp-eso" }', 'element "myapp": object required.'),
        ("namespace", '["myapp"]', 'element "myapp": attribute "namespace": string required.'),
        ("secret_arns", "1", 'element "myapp": attribute "secret_arns": list of string required.'),
        ("secret_arns", '"arn"', 'element "myapp": attribute "secret_arns": list of string required.'),
        ("secret_arns", "[{}]", 'element "myapp": attribute "secret_arns": element 0: string required.'),
        ("kms_key_arns", "{}", 'element "myapp": attribute "kms_key_arns": list of string required.'),
    ],
)
def test_wrong_type_is_refused(documents: Configuration, attribute: str, value: str, message: str) -> None:
    variable = "eso_roles" if attribute in ROLE else attribute
    assert documents.plan(changed(**{attribute: value})) == refusal(
        "Invalid value for input variable",
        f"The given value is not suitable for var.{variable} declared at variables.tf: {message}",
    )


@pytest.mark.parametrize("attribute", ROLE)
def test_missing_attribute_is_refused(documents: Configuration, attribute: str) -> None:
    role = {name: value for name, value in ROLE.items() if name != attribute}
    assert documents.plan(changed(eso_roles=f"{{ myapp = {block(role)} }}")) == refusal(
        "Invalid value for input variable",
        "The given value is not suitable for var.eso_roles declared at variables.tf: "
        f'element "myapp": attribute "{attribute}" is required.',
    )


@pytest.mark.parametrize("attribute", ["secret_arns", "kms_key_arns"])
def test_null_for_a_list_is_refused(documents: Configuration, attribute: str) -> None:
    plan = documents.plan(changed(**{attribute: "null"}))
    assert plan.outputs == {}
    assert {each.severity for each in plan.diagnostics} == {"error"}


@pytest.mark.parametrize("variable", [*VARIABLES, "eso_roles"])
def test_null_for_a_variable_is_refused(documents: Configuration, root: Configuration, variable: str) -> None:
    refused = refusal(
        "Required variable not set",
        f"The given value is not suitable for var.{variable} defined at variables.tf: "
        "required variable may not be set to null.",
    )
    assert documents.plan(changed(**{variable: "null"})) == refused
    assert root.plan(changed(**{variable: "null"})) == refused


def test_root_hands_its_variables_to_the_documents_module(root: Configuration, documents: Configuration) -> None:
    assert root.validate() == ()
    roles = planned_roles(root.plan(HEAD + TWO_ROLES))
    assert list(roles) == ["myapp", "shop.web"]
    assert roles == planned_roles(documents.plan(HEAD + TWO_ROLES))


def test_root_refuses_what_the_documents_module_refuses(root: Configuration) -> None:
    assert root.plan(changed(account_id="012345678901")) == refusal(
        "Invalid value for variable",
        'account_id: got "12345678901"; expected 12 digits in quotes, as in "012345678901".',
    )
    assert root.plan(changed(secret_arns="1")) == refusal(
        "Invalid value for input variable",
        "The given value is not suitable for module.documents.var.eso_roles declared at "
        "modules/eso-role-documents/variables.tf: "
        'element "myapp": attribute "secret_arns": list of string required.',
    )


def test_root_refuses_a_cluster_in_the_workspace_of_another(root: Configuration) -> None:
    assert root.plan(changed(cluster_name='"myapp-production-usw2"')) == refusal(
        "Invalid value for variable",
        'cluster_name: got "myapp-production-usw2" in the workspace "myapp-production-use1"; '
        "expected the workspace of that cluster: "
        "terraform workspace select -or-create myapp-production-usw2",
    )


def test_root_makes_each_role_and_its_policy_from_the_documents() -> None:
    assert pygohcl.loads((EXAMPLE / "main.tf").read_text(encoding="utf-8")) == {
        "provider": {"aws": {"region": "var.aws_region", "allowed_account_ids": ["var.account_id"]}},
        "resource": {
            "aws_iam_role": {
                "eso": {
                    "for_each": "module.documents.roles",
                    "name": "each.value.name",
                    "description": "each.value.description",
                    "tags": "each.value.tags",
                    "assume_role_policy": "each.value.trust_policy",
                    "lifecycle": {
                        "postcondition": {
                            "condition": "self.arn == each.value.arn",
                            "error_message": "got the role self.arn; expected each.value.arn, "
                            "which the ServiceAccount on the cluster is annotated with.",
                        }
                    },
                }
            },
            "aws_iam_role_policy": {
                "read_secrets": {
                    "for_each": "module.documents.roles",
                    "name": "read-secrets",
                    "role": "aws_iam_role.eso[each.key].name",
                    "policy": "each.value.permissions_policy",
                }
            },
        },
    }


def test_root_gives_the_arn_of_each_role() -> None:
    assert pygohcl.loads((EXAMPLE / "outputs.tf").read_text(encoding="utf-8")) == {
        "output": {
            "role_arns": {
                "description": "ARN of the role of each app.",
                "value": "{ for app, role in aws_iam_role.eso : app => role.arn }",
            }
        }
    }


def changed(**values: str) -> str:
    """The tfvars of one release, with other values (as HCL) for variables or for attributes of its role."""
    role = ROLE | {name: value for name, value in values.items() if name in ROLE}
    variables = VARIABLES | {"eso_roles": f"{{ myapp = {block(role)} }}"}
    return assignments(variables | {name: value for name, value in values.items() if name in variables})


def block(attributes: dict[str, str]) -> str:
    return f"{{\n{assignments(attributes)}}}"


def assignments(values: dict[str, str]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def planned_roles(plan: Plan) -> dict[str, dict[str, object]]:
    """The output `roles` of a plan that drew no complaint, with its documents decoded."""
    assert plan.diagnostics == ()
    roles = cast("dict[str, dict[str, object]]", plan.outputs["roles"])
    return {app: {name: decoded(name, value) for name, value in role.items()} for app, role in roles.items()}


def decoded(name: str, value: object) -> object:
    return json.loads(str(value)) if name.endswith("_policy") else value


def trust_policy(provider_arn: str, provider: str, subject: str) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": provider_arn},
            "Condition": {"StringEquals": {f"{provider}:aud": "sts.amazonaws.com", f"{provider}:sub": subject}},
        }
    )


def may_read(*secret_arns: str) -> dict[str, object]:
    return {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": list(secret_arns)}


def policy(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def refusal(summary: str, detail: str) -> Plan:
    return Plan({}, (Diagnostic("error", summary, detail),))
