"""The chain behind a store whose role stands in the Terraform of the tree, where no variable file names the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, PROVIDER, SECRET_FILE, STORE_FILE, TFVARS_FILE, application
from tests.checks.trees import MARK, URL, shown
from tests.checks.written_terraform import (
    ACCESS,
    ARN,
    AS,
    BEHIND,
    DOCUMENTS,
    FORMS,
    LITERAL,
    MAIN,
    MAY_BE,
    MAY_READ,
    NAME,
    NOT_SEEN,
    OTHER_REGION,
    OWN_MODULE,
    SECRET,
    SUBJECT,
    TRUSTS,
    changed,
    problems,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_nothing_is_said_where_all_agrees(tmp_path: Path, form: Mapping[str, str]) -> None:
    assert problems(tmp_path, tree(form)) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_store_that_signs_in_in_another_namespace_is_not_trusted(tmp_path: Path, form: Mapping[str, str]) -> None:
    files = {**tree(form), "apps/web.yaml": BY_HAND["apps/web.yaml"].replace("namespace: web", "namespace: shop")}
    (problem,) = problems(tmp_path, files)
    code, severity, at, *_ = problem.split(" ")
    assert (code, severity, at.partition(":")[0]) == ("trust-subject", "error", trusting(form))
    assert problem.endswith(
        f"role one-web-eso trusts {SUBJECT}, expected system:serviceaccount:shop:web-eso, which SecretStore store "
        "signs in as"
    )


def trusting(form: Mapping[str, str]) -> str:
    return MAIN if MAIN in form else "terraform/modules/irsa/main.tf"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_that_no_pattern_covers_is_found(tmp_path: Path, form: Mapping[str, str]) -> None:
    files = {**tree(form), SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    access, *excess = problems(tmp_path, files)
    assert access == (
        "secret-access error manifests/secret.yaml:15:14: role one-web-eso may not read dev/web/cache in "
        f"eu-west-1: it may read {SECRET}"
    )
    assert [each.split(" ")[:2] for each in excess] == [["secret-access-excess", "warning"]]


def test_what_comes_of_a_default_is_a_warning_where_another_value_would_do(tmp_path: Path) -> None:
    secret = {SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "prod/web/db")}
    access, _ = problems(tmp_path, tree(DOCUMENTS, **secret))
    assert access == (
        f"secret-access warning manifests/secret.yaml:15:14: role one-web-eso may not read prod/web/db in eu-west-1: "
        f"it may read {SECRET}"
    )


def test_both_ends_of_a_trust_are_told(tmp_path: Path) -> None:
    for path, text in tree(changed({MAIN: LITERAL}, (SUBJECT, "system:serviceaccount:web:web-esp"))).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [shown(each) for each in judge(graph, select=["trust-subject"]).problems] == [
        (
            "terraform/main.tf:11:1: error: role one-web-eso trusts system:serviceaccount:web:web-esp, expected "
            "system:serviceaccount:web:web-eso, which SecretStore store signs in as; not judged behind it: the OIDC "
            "provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: make service_account of the role and of the store equal\n"
            "manifests/store.yaml:13:19: SecretStore store signs in as web-eso here\n"
            "manifests/account.yaml:6:33: the account is annotated with the role here"
        )
    ]


UNASKED = "which nothing asks for; SecretStore store asks for dev/web/db"
TRUST = "trust-subject error terraform/main.tf:11:1: role one-web-eso trusts"
PRINCIPAL = "oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts the provider"
WIDE = "secret-access-excess warning terraform/main.tf:26:1: role one-web-eso may read"

WHOLE = "trust-subject warning terraform/main.tf:1:1: role one-web-eso"
ASKED = f"""\
StringEquals = {{
          "{PROVIDER}:sub" = "{SUBJECT}\""""
OPEN = f"""\
StringLike = {{{{
          "{PROVIDER}:sub" = "{{}}"
        }}}}
        StringEquals = {{{{"""

BROKEN = {
    "the namespace": (
        (SUBJECT, "system:serviceaccount:external-secrets:web-eso"),
        [f"{TRUST} system:serviceaccount:external-secrets:web-eso, expected {SUBJECT}, {AS}"],
    ),
    "the audience": (
        ('= "sts.amazonaws.com"', '= "sts.eu-west-1.amazonaws.com"'),
        [
            (
                "trust-subject error terraform/main.tf:11:1: ServiceAccount web-eso asks for a token for audience "
                "sts.amazonaws.com, but role one-web-eso trusts sts.eu-west-1.amazonaws.com"
            )
        ],
    ),
    "a pattern that is no pattern": (
        ("StringEquals = {", 'StringEquals = {\n          "x:sub" = "system:serviceaccount:web:*"'),
        [
            f"{TRUST} system:serviceaccount:web:*, {SUBJECT}, expected {SUBJECT}, which SecretStore store signs in as",
            f"{PRINCIPAL} {PROVIDER}, and its conditions are of x",
        ],
    ),
    "the provider of the audience": (
        (f'"{PROVIDER}:aud"', '"oidc.eks.eu-west-1.amazonaws.com:aud"'),
        [f"{PRINCIPAL} {PROVIDER}, and its conditions are of oidc.eks.eu-west-1.amazonaws.com"],
    ),
    "a key that no token of EKS has": (
        (f'"{PROVIDER}:sub"', f'"{PROVIDER}:subject"'),
        [f"{TRUST} no ServiceAccount by a web identity, expected {SUBJECT}, {AS}"],
    ),
    "a second statement that denies": (
        (
            "Statement = [{\n      Effect    ",
            'Statement = [{ Effect = "Deny", Principal = "*", Action = "sts:*" }, {\n      Effect    ',
        ),
        [f"{TRUST.removesuffix('trusts')}denies {SUBJECT}, {AS}"],
    ),
    "the provider of the conditions": (
        (f'"{PROVIDER}:sub"', f'"{PROVIDER.replace("51", "52")}:sub"'),
        [
            (
                f"oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts the provider {PROVIDER}, and its "
                f"conditions are of {PROVIDER.replace('51', '52')}"
            )
        ],
    ),
    "a pattern for one namespace": (
        (ASKED, OPEN.format("system:serviceaccount:web:*")),
        [f"{TRUST.replace('error', 'note')} system:serviceaccount:web:*, expected {SUBJECT}, {AS}"],
    ),
    "a pattern for all namespaces": (
        (ASKED, OPEN.format("system:serviceaccount:*:web-eso")),
        [f"{TRUST.replace('error', 'warning')} system:serviceaccount:*:web-eso, expected {SUBJECT}, {AS}"],
    ),
    "no subject": (
        (ASKED, "StringEquals = {"),
        [f"{WHOLE} trusts every ServiceAccount of the cluster, expected {SUBJECT}, {AS}"],
    ),
    "no web identity": (
        ('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRole"'),
        [f"{TRUST} no ServiceAccount by a web identity, expected {SUBJECT}, which SecretStore store signs in as"],
    ),
    "a pattern without room for the suffix": (
        ("dev/web/db-??????", "dev/web/db"),
        [
            (
                f"{ACCESS} dev/web/db in eu-west-1: "
                "it may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db"
            ),
            (
                f"{WIDE} arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db, which nothing asks for; "
                "SecretStore store asks for dev/web/db"
            ),
        ],
    ),
    "another region": (
        (":eu-west-1:111122223333:secret", ":eu-west-2:111122223333:secret"),
        [
            f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('eu-west-1', 'eu-west-2')}",
            f"{WIDE} {SECRET.replace('eu-west-1', 'eu-west-2')}, {UNASKED}",
        ],
    ),
    "a pattern for every secret": (
        ("dev/web/db-??????", "*"),
        [f"{WIDE} arn:aws:secretsmanager:eu-west-1:111122223333:secret:*: a wildcard where the value is known"],
    ),
    "an action that is never called": (
        ('"secretsmanager:DescribeSecret"', '"secretsmanager:DeleteSecret"'),
        [
            (
                "secret-actions warning terraform/main.tf:25:1: role one-web-eso may do secretsmanager:DeleteSecret: "
                "External Secrets never calls it"
            )
        ],
    ),
}


@pytest.mark.parametrize(("change", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_link_is_found(tmp_path: Path, change: tuple[str, str], expected: list[str]) -> None:
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, change))) == expected


def test_a_provider_is_named_without_the_scheme_of_its_issuer(tmp_path: Path) -> None:
    """Source: IAM, CreateOpenIDConnectProvider."""
    text = LITERAL.replace(PROVIDER, f"https://{PROVIDER}")
    assert text.count("https://") == 3  # the principal, the subject and the audience
    assert problems(tmp_path, tree({MAIN: text})) == [
        (
            "oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts a provider with https:// in its name, "
            "as the issuer of a cluster has it, and no provider of IAM"
        )
    ]


DECLARED = "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one:"


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ARN.replace("1111", "4444"), [f"{DECLARED} got account 444422223333, expected 111122223333"]),
        (
            ARN.replace("one-web-eso", "onee-web-eso"),
            [
                (
                    f"{DECLARED} got role onee-web-eso, which no Terraform here makes, expected one-web-eso, which "
                    f"trusts {SUBJECT}"
                )
            ],
        ),
        (
            ARN.replace("one-web-eso", "shop"),
            [
                (
                    "cannot-say note manifests/account.yaml:6:33: no role shop is in the Terraform here, and "
                    f"one-web-eso at terraform/main.tf:2:1 trusts {SUBJECT}: {BEHIND}"
                )
            ],
        ),
    ],
)
def test_a_name_or_an_account_that_matches_nothing_is_told(tmp_path: Path, arn: str, expected: list[str]) -> None:
    account = BY_HAND[ACCOUNT_FILE].replace(ARN, arn)
    assert problems(tmp_path, tree(LITERAL, **{ACCOUNT_FILE: account})) == expected


def annotated(role: str) -> dict[str, str]:
    """Returns the ServiceAccount with another role."""
    return {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("role/one-web-eso", f"role/{role}")}


@pytest.mark.parametrize(
    ("path", "arn", "expected"),
    [
        ("/eks/", ARN.replace("role/", "role/eks/"), []),
        ("/eks/", ARN, [f"{DECLARED} got role/one-web-eso, expected role/eks/one-web-eso"]),
        ("/", ARN.replace("role/", "role/eks/"), [f"{DECLARED} got role/eks/one-web-eso, expected role/one-web-eso"]),
        ("${module.x.path}", ARN.replace("role/", "role/eks/"), []),
    ],
)
def test_the_path_of_a_role_is_part_of_its_arn(tmp_path: Path, path: str, arn: str, expected: list[str]) -> None:
    text = LITERAL.replace('  name = "one', f'  path = "{path}"\n  name = "one')
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace(ARN, arn)}
    assert problems(tmp_path, tree(text, **account)) == expected


def test_a_form_is_compared_with_nothing(tmp_path: Path) -> None:
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("111122223333", "<ACCOUNT_ID>")}
    assert [each.split(" ")[0] for each in problems(tmp_path, tree(LITERAL, **account))] == ["service-account-role"]


def test_a_role_that_is_given_a_policy_in_another_folder_may_read_more(tmp_path: Path) -> None:
    attached = 'resource "aws_iam_role_policy_attachment" "x" {\n  role = "one-web-eso"\n  policy_arn = var.policy\n}\n'
    more = {SECRET_FILE: BY_HAND[SECRET_FILE].replace("web/db", "web/cache"), "more/main.tf": attached}
    assert [each.split(" ")[0] for each in problems(tmp_path, tree(LITERAL, **more))] == [
        "secret-access-excess",
        "cannot-say",
    ]


def test_the_account_of_a_provider_is_that_of_its_roles(tmp_path: Path) -> None:
    text = DOCUMENTS.replace("region = var.region", 'region = "eu-west-1"\n  allowed_account_ids = ["444455556666"]')
    assert problems(tmp_path, tree(text)) == [f"{DECLARED} got account 111122223333, expected 444455556666"]


def test_a_role_of_another_provider_may_be_in_any_account(tmp_path: Path) -> None:
    text = DOCUMENTS.replace("region = var.region", 'region = "eu-west-1"').replace('default = "dev"', 'default = "d"')
    role = text.replace('resource "aws_iam_role" "eso" {', 'resource "aws_iam_role" "eso" {\n  provider = aws.other')
    files = tree(role.replace("${var.environment}/", "dev/"))
    assert problems(tmp_path, files) == [f"cannot-say note {MAY_READ} terraform/main.tf:28:1"]


def test_a_name_that_is_almost_there_is_a_warning_while_a_module_is_not_read(tmp_path: Path) -> None:
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("one-web-eso", "onee-web-eso")}
    module = 'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n'
    assert [each.split(" ")[:2] for each in problems(tmp_path, tree(LITERAL + module, **account))] == [
        ["role-declared", "warning"]
    ]


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ('file("${path.module}/read.json")', SECRET),
        (
            'templatefile("${path.module}/read.json", { secret = "dev/web/db" })',
            SECRET.replace("dev/web/db", "${secret}"),
        ),
    ],
)
def test_a_policy_in_a_file_of_its_own_is_read(tmp_path: Path, written: str, file: str) -> None:
    text, _, _ = LITERAL.partition("  policy = jsonencode")
    policy = '{"Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "SECRET"}]}\n'
    read = {"terraform/read.json": policy.replace("SECRET", file)}
    sound = tree(f"{text}  policy = {written}\n}}\n", **read)
    assert problems(tmp_path / "sound", sound) == []
    broken = {**sound, SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    assert [each.split(" ")[:2] for each in problems(tmp_path / "broken", broken)] == [
        ["secret-access", "error"],
        ["secret-access-excess", "warning"],
    ]


def test_a_policy_in_a_file_that_is_not_here_is_not_known(tmp_path: Path) -> None:
    text, _, _ = LITERAL.partition("  policy = jsonencode")
    files = tree(f'{text}  policy = file("${{path.module}}/nowhere.json")\n}}\n')
    assert problems(tmp_path, files) == [f"cannot-say note {MAY_READ} terraform/main.tf:19:1"]


def two_accounts(**changes: str) -> dict[str, str]:
    """Returns a second cluster in another account, with a role of the same name."""
    return {
        "apps/two.yaml": application("two", cluster="two", path="two"),
        "two/account.yaml": BY_HAND[ACCOUNT_FILE].replace("1111", "4444"),
        "two/store.yaml": BY_HAND[STORE_FILE],
        "two/secret.yaml": BY_HAND[SECRET_FILE],
        **changes,
    }


def test_a_role_that_is_made_for_the_account_of_another_cluster_is_no_mistake(tmp_path: Path) -> None:
    assert problems(tmp_path, tree(LITERAL, **two_accounts())) == [
        (
            "cannot-say note two/account.yaml:6:33: the Terraform here makes one-web-eso in account 111122223333, not "
            f"in 444422223333: terraform/main.tf:2:1: {BEHIND}"
        )
    ]


def test_the_role_of_another_account_is_told_apart_by_its_provider(tmp_path: Path) -> None:
    two = LITERAL.replace("1111", "4444").replace("web:web-eso", "shop:shop-eso")
    assert problems(tmp_path, tree({"terraform/dev/main.tf": LITERAL, "terraform/prod/main.tf": two})) == []


def test_what_is_open_for_more_than_two_service_accounts_is_told_once(tmp_path: Path) -> None:
    shop = two_accounts(**{"apps/two.yaml": application("two", cluster="one", path="two", namespace="shop")})
    shop["two/account.yaml"] = BY_HAND[ACCOUNT_FILE]
    text = LITERAL.replace("StringEquals", "StringLike").replace(SUBJECT, "system:serviceaccount:*:web-eso")
    assert problems(tmp_path, tree(text, **shop)) == [
        (
            f"{TRUST.replace('error', 'warning')} system:serviceaccount:*:web-eso, expected "
            f"system:serviceaccount:shop:web-eso, {SUBJECT}, which stores sign in as"
        )
    ]


def test_several_roles_of_one_name_leave_a_doubt(tmp_path: Path) -> None:
    unknown = LITERAL.replace("::111122223333:oidc", "::${module.account.id}:oidc")
    two = unknown.replace("web:web-eso", "shop:shop-eso")
    assert problems(tmp_path, tree({"terraform/dev/main.tf": unknown, "terraform/prod/main.tf": two})) == [
        (
            "cannot-say note manifests/account.yaml:6:33: the Terraform here makes several roles one-web-eso: "
            f"terraform/dev/main.tf:2:1, terraform/prod/main.tf:2:1: {BEHIND}"
        )
    ]


def test_several_roles_of_one_name_that_say_the_same_are_judged(tmp_path: Path) -> None:
    roots = {"terraform/dev/main.tf": LITERAL, "terraform/prod/main.tf": LITERAL}
    assert problems(tmp_path, tree(roots)) == []


UNDECIDED = {
    "a name that only Terraform knows": (
        {MAIN: LITERAL.replace('"one-web-eso"', '"${module.eks.cluster_name}-web-eso"')},
        f"{MAY_BE} terraform/main.tf:2:1, {NAME}: {BEHIND}",
    ),
    "a module that is not here": (
        {MAIN: 'module "irsa" {\n  source = "git::https://git.example.com/irsa.git"\n  name = "one-web-eso"\n}\n'},
        f"{NOT_SEEN} module irsa, git::https://git.example.com/irsa.git at terraform/main.tf:2:1: {BEHIND}",
    ),
    "a file that is not read": (
        {MAIN: LITERAL, "terraform/more.tofu": 'resource "aws_iam_role" "x" {}\n'},
        f"{NOT_SEEN} the Terraform there at terraform: {BEHIND}",
    ),
    "a module that nobody is seen to call": (
        {"modules/irsa/main.tf": OWN_MODULE["terraform/modules/irsa/main.tf"]},
        f"{MAY_BE} modules/irsa/main.tf:18:1, {NAME}: {BEHIND}",
    ),
    "Terragrunt with a module from elsewhere": (
        {"live/irsa/terragrunt.hcl": 'terraform {\n  source = "git::https://git.example.com/m.git"\n}\ninputs = {}\n'},
        f"{NOT_SEEN} terragrunt, git::https://git.example.com/m.git at live/irsa/terragrunt.hcl:2:1: {BEHIND}",
    ),
    "a trust that only Terraform knows": (
        {MAIN: LITERAL.replace(SUBJECT, "system:serviceaccount:${module.eso.namespace}:web-eso")},
        TRUSTS,
    ),
    "a test of another kind": ({MAIN: LITERAL.replace("StringEquals =", '"ForAnyValue:StringEquals" =')}, TRUSTS),
    "a policy from elsewhere": (
        {
            MAIN: LITERAL.partition('resource "aws_iam_role_policy"')[0]
            + 'resource "aws_iam_role_policy_attachment" "read" {\n  role = aws_iam_role.eso.name\n'
            '  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"\n}\n'
        },
        f"{MAY_READ} terraform/main.tf:19:1",
    ),
    "a region that only Terraform knows": (
        {MAIN: LITERAL.replace(":eu-west-1:111122223333:secret", ":${var.region}:111122223333:secret")},
        f"{MAY_READ} terraform/main.tf:26:1",
    ),
    "a condition": (
        {MAIN: LITERAL.replace(f'"{SECRET}"', f'"{SECRET}"\n      Condition = {{ Bool = {{ "aws:ViaAWS" = "x" }} }}')},
        f"{MAY_READ} terraform/main.tf:26:1",
    ),
}
"""What is told, beside the Terraform of which it is."""


@pytest.mark.parametrize(("terraform", "expected"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_cannot_be_decided_is_said_once(tmp_path: Path, terraform: Mapping[str, str], expected: str) -> None:
    files = {"terraform/eks.tf": 'resource "aws_iam_role" "node" {\n  name = "node"\n}\n', **terraform}
    files = (
        files if MAIN in terraform else {**terraform, "iam/x.tf": 'resource "aws_iam_role" "n" {\n  name = "n"\n}\n'}
    )
    assert problems(tmp_path, tree(files)) == [f"cannot-say note {expected}"]


def test_a_policy_that_is_not_wholly_known_may_still_be_too_narrow(tmp_path: Path) -> None:
    text = LITERAL.replace(":eu-west-1:111122223333:secret:dev/", ":${var.region}:111122223333:secret:prod/")
    assert problems(tmp_path, tree(text)) == [
        (
            f"{ACCESS} dev/web/db in eu-west-1: it "
            "may read arn:aws:secretsmanager:*:111122223333:secret:prod/web/db-??????"
        )
    ]


def test_a_name_behind_a_prefix_is_known_by_its_characters(tmp_path: Path) -> None:
    text = LITERAL.replace("name = ", "name_prefix = ").replace('"one-web-eso"', '"one-web-"')
    name = "one-web-20240102030405678900000001"
    assert problems(tmp_path / "sound", tree(text, **annotated(name))) == []
    broken = tree(text.replace(SUBJECT, "system:serviceaccount:web:eso"), **annotated(name))
    assert problems(tmp_path / "broken", broken) == [
        (
            f"trust-subject error terraform/main.tf:11:1: role {name} trusts system:serviceaccount:web:eso, expected "
            f"{SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_a_role_for_pods_of_eks_is_for_no_store_that_signs_in_with_a_token(tmp_path: Path) -> None:
    module = (
        'module "eso" {\n  source = "terraform-aws-modules/eks-pod-identity/aws"\n  name = "one-web-eso"\n'
        "  use_name_prefix = false\n  attach_external_secrets_policy = true\n}\n"
    )
    assert problems(tmp_path, tree(module)) == [
        (
            "trust-subject error terraform/main.tf:1:1: role one-web-eso trusts no ServiceAccount by a web identity, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_the_values_of_a_variable_file_that_names_no_cluster_are_known(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('"one-web-eso"', '"${var.project}-web-eso"') + 'variable "project" {}\n'
    given = {"terraform/terraform.tfvars": 'project     = "one"\nenvironment = "prod"\n'}
    assert problems(tmp_path, tree(text, **given)) == [
        (
            f"{ACCESS} dev/web/db in eu-west-1: it "
            "may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/web/db-??????"
        ),
        (
            "secret-access-excess warning terraform/main.tf:28:1: role one-web-eso may read "
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/web/db-??????, which nothing asks for; "
            "SecretStore store asks for dev/web/db"
        ),
    ]


def test_each_variable_file_is_a_run_of_its_own(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('"one-web-eso"', '"${var.project}-web-eso"') + 'variable "project" {}\n'
    given = {
        "terraform/dev.tfvars": 'project     = "one"\nenvironment = "dev"\n',
        "terraform/prod.tfvars": 'project     = "two"\nenvironment = "prod"\n',
    }
    assert problems(tmp_path, tree(text, **given)) == []


def test_a_default_that_cannot_hold_for_two_accounts_leaves_a_doubt(tmp_path: Path) -> None:
    more = two_accounts(**{"two/secret.yaml": BY_HAND[SECRET_FILE].replace("dev/web/db", "prod/web/db")})
    found = problems(tmp_path, tree(DOCUMENTS, **more))
    reason = (
        "the role one-web-eso at terraform/main.tf:53:1 is made by defaults of variables, and is named in 2 accounts"
    )
    assert found == [
        f"cannot-say note {path}:6:33: {reason}: {BEHIND}" for path in ("manifests/account.yaml", "two/account.yaml")
    ]


def test_a_role_of_one_of_two_accounts_is_not_judged_for_the_other(tmp_path: Path) -> None:
    text = LITERAL.replace("::111122223333:oidc", "::${module.account.id}:oidc")
    assert problems(tmp_path / "secrets", tree(text, **two_accounts())) == [
        f"cannot-say note {MAY_READ.replace('manifests/', 'two/')} terraform/main.tf:26:1"
    ]
    shop = two_accounts(**{"apps/two.yaml": application("two", cluster="two", path="two", namespace="shop")})
    assert problems(tmp_path / "trust", tree(text, **shop)) == [
        (
            "cannot-say note two/account.yaml:6:33: the role one-web-eso at terraform/main.tf:2:1 does not trust "
            "system:serviceaccount:shop:web-eso, and is named in 2 accounts, of which one may have another: "
            f"{BEHIND}"
        )
    ]


def test_a_service_account_that_terraform_makes_is_said(tmp_path: Path) -> None:
    made = 'resource "kubernetes_service_account" "eso" {\n  metadata {\n    name = "web-eso"\n  }\n}\n'
    files = tree(LITERAL + made)
    del files[ACCOUNT_FILE]
    assert problems(tmp_path, files) == [
        (
            "cannot-say note manifests/store.yaml:13:19: terraform/main.tf seems to make the ServiceAccount web-eso of "
            "SecretStore store: with which role is not known"
        )
    ]


def test_the_service_account_of_an_operator_that_terraform_installs_is_said(tmp_path: Path) -> None:
    release = """\
resource "helm_release" "operator" {
  name       = "operator"
  repository = "https://charts.external-secrets.io"
  chart      = "external-secrets"
  set {
    name  = "serviceAccount.name"
    value = "web-eso"
  }
}
"""
    files = tree({MAIN: LITERAL, "terraform/operator.tf": release})
    del files[ACCOUNT_FILE]
    assert problems(tmp_path, files) == [
        (
            "cannot-say note manifests/store.yaml:13:19: terraform/operator.tf seems to make the ServiceAccount "
            "web-eso of SecretStore store: with which role is not known"
        )
    ]


def test_terraform_in_json_is_not_passed_over(tmp_path: Path) -> None:
    files = tree({"terraform/main.tf.json": '{"resource": {"aws_iam_role": {"eso": {"name": "one-web-eso"}}}}\n'})
    assert problems(tmp_path, files) == [f"cannot-say note {NOT_SEEN} the Terraform there at terraform: {BEHIND}"]


def test_what_the_role_may_read_that_a_store_assumes_is_judged(tmp_path: Path) -> None:
    store = BY_HAND[STORE_FILE].replace(
        "      region:", "      role: arn:aws:iam::111122223333:role/reader\n      region:"
    )
    text = LITERAL.partition('resource "aws_iam_role_policy"')[0]
    reader = LITERAL.replace('"eso"', '"reader"').replace("role.eso", "role.reader").replace("one-web-eso", "reader")
    reader = reader.replace('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRole"')
    files = tree({MAIN: text, "terraform/reader.tf": reader}, **{STORE_FILE: store})
    note = (
        "secret-access note manifests/store.yaml:9:13: SecretStore store assumes arn:aws:iam::111122223333:role/reader "
        "after one-web-eso: whether it may is not known here"
    )
    assert problems(tmp_path / "sound", files) == [note]
    broken = {**files, SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    assert problems(tmp_path / "broken", broken) == [
        f"{ACCESS.replace('one-web-eso', 'reader')} dev/web/cache in eu-west-1: it may read {SECRET}",
        note,
    ]


def test_a_role_that_nobody_may_assume_is_not_assumed(tmp_path: Path) -> None:
    """Source: AWS Security Blog, "Announcing an update to IAM role trust policy behavior"."""
    store = BY_HAND[STORE_FILE].replace("      region:", f"      role: {ARN}\n      region:")
    statement = (
        'Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }, {\n      Effect'
    )
    trusting = LITERAL.replace("Statement = [{\n      Effect", statement, 1)
    assert trusting != LITERAL
    told = f"manifests/store.yaml:9:13: SecretStore store assumes {ARN} after one-web-eso"
    assert problems(tmp_path / "itself", tree({MAIN: LITERAL}, **{STORE_FILE: store})) == [
        (f"secret-access error {told}, and no statement of its trust policy lets anybody do so with sts:AssumeRole")
    ]
    assert problems(tmp_path / "trusting", tree({MAIN: trusting}, **{STORE_FILE: store})) == [
        f"secret-access note {told}: whether it may is not known here"
    ]


@pytest.mark.parametrize(
    ("principal", "is_refused"),
    [
        ('"arn:aws:iam::111122223333:role/one-web-eso"', False),
        ('"arn:aws:iam::111122223333:root"', False),
        ('"111122223333"', False),
        ('["arn:aws:iam::111122223333:role/other", "arn:aws:iam::111122223333:role/one-web-eso"]', False),
        ('"arn:aws:sts::111122223333:assumed-role/one-web-eso/session"', False),
        ('"arn:aws:iam::${var.account}:role/other"', False),
        ("var.who", False),
        ('"AROAEXAMPLEEXAMPLE"', False),
        ('"arn:aws:iam::111122223333:role/one-web-esp"', True),
        ('"arn:aws:iam::111122223333:role/team/one-web-eso"', True),
        ('"arn:aws:iam::444455556666:root"', True),
        ('"444455556666"', True),
        ('["arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:user/alice"]', True),
        ('"arn:aws:sts::111122223333:assumed-role/other/session"', True),
    ],
)
def test_a_role_that_only_others_may_assume_is_not_assumed(tmp_path: Path, principal: str, *, is_refused: bool) -> None:
    """Source: IAM, "AWS JSON policy elements: Principal"."""
    store = BY_HAND[STORE_FILE].replace(
        "      region:", "      role: arn:aws:iam::111122223333:role/reader\n      region:"
    )
    text = LITERAL.partition('resource "aws_iam_role_policy"')[0]
    reader = f"""\
variable "account" {{ type = string }}
variable "who" {{ type = string }}
resource "aws_iam_role" "reader" {{
  name = "reader"
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = {principal} }} }}]
  }})
}}
resource "aws_iam_role_policy" "reader" {{
  role = aws_iam_role.reader.id
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "{SECRET}" }}]
  }})
}}
"""
    told = (
        "manifests/store.yaml:9:13: SecretStore store assumes arn:aws:iam::111122223333:role/reader after one-web-eso"
    )
    named = principal.strip("[]").replace('"', "")
    got = problems(tmp_path, tree({MAIN: text, "terraform/reader.tf": reader}, **{STORE_FILE: store}))
    assert got == [
        f"secret-access error {told}, and its trust policy lets others do so: {named}"
        if is_refused
        else f"secret-access note {told}: whether it may is not known here"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('Effect    = "Allow"', 'Effect    = "Alow"', "has the Effect 'Alow', which IAM refuses"),
        (":oidc-provider/", ":oidcprovider/", ":oidcprovider/{PROVIDER}', which is no identity provider"),
        ("arn:aws:iam::1111", "arn:aws:iam::111O", ":oidc-provider/{PROVIDER}', which is no identity provider"),
        ("arn:aws:iam::1111", "arn:aws:lam::1111", ":oidc-provider/{PROVIDER}', which is no identity provider"),
        (
            f'"arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"',
            '"Allow"',
            "trusts 'Allow', which is no identity provider",
        ),
    ],
)
def test_a_trust_policy_that_iam_refuses_is_found(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in LITERAL
    got = [each for each in problems(tmp_path, tree(LITERAL.replace(old, new, 1))) if "oidc-provider error" in each]
    assert len(got) == 1
    assert got[0].startswith(f"oidc-provider error {MAIN}:")
    assert got[0].endswith(told.format(PROVIDER=PROVIDER))


@pytest.mark.parametrize(
    ("provider", "is_found"),
    [
        ('["444455556666"]', True),
        ('["111122223333"]', False),
        ('["444455556666", "111122223333"]', False),
        ("[var.account]", False),
        ('["<account>"]', False),
    ],
)
def test_a_role_is_made_in_the_account_of_the_provider_that_it_trusts(
    tmp_path: Path, provider: str, *, is_found: bool
) -> None:
    text = f'variable "account" {{}}\nprovider "aws" {{\n  allowed_account_ids = {provider}\n}}\n{LITERAL}'
    line = text[: text.index(":sub")].count("\n") + 1
    assert problems(tmp_path, tree(text)) == (
        [
            (
                f"oidc-provider error {MAIN}:{line}:1: role one-web-eso trusts a provider in account 111122223333, and "
                "Terraform makes the role in 444455556666"
            )
        ]
        if is_found
        else []
    )


def test_a_role_of_a_module_may_be_let_to_assume_itself(tmp_path: Path) -> None:
    """Source: terraform-aws-modules/iam, iam-role-for-service-accounts-eks: allow_self_assume_role."""
    store = BY_HAND[STORE_FILE].replace("      region:", f"      role: {ARN}\n      region:")
    module = f"""\
module "eso" {{
  source                                = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name                             = "one-web-eso"
  allow_self_assume_role                = true
  attach_external_secrets_policy        = true
  external_secrets_secrets_manager_arns = ["{SECRET}"]
  oidc_providers = {{
    one = {{
      provider_arn               = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"
      namespace_service_accounts = ["web:web-eso"]
    }}
  }}
}}
"""
    told = [each for each in problems(tmp_path, tree(module, **{STORE_FILE: store})) if "assumes" in each]
    assert told == [
        (
            f"secret-access note manifests/store.yaml:9:13: SecretStore store assumes {ARN} after one-web-eso: whether "
            "it may is not known here"
        )
    ]


def test_a_secret_that_terraform_makes_is_known_by_its_name(tmp_path: Path) -> None:
    text = LITERAL.replace(f'"{SECRET}"', "aws_secretsmanager_secret.db.arn")
    secret = 'resource "aws_secretsmanager_secret" "db" {\n  name = "dev/web/db"\n}\n'
    provider = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    assert problems(tmp_path / "sound", tree(text + secret + provider)) == []
    assert problems(tmp_path / "broken", tree(text + secret.replace("web/db", "web/other") + provider)) == [
        (f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('web/db', 'web/other')}"),
        f"{WIDE} {SECRET.replace('web/db', 'web/other')}, {UNASKED}",
    ]


def test_nothing_is_said_where_no_terraform_makes_roles(tmp_path: Path) -> None:
    assert problems(tmp_path, tree('resource "aws_s3_bucket" "x" {}\n')) == []


def test_a_variable_file_whose_module_is_not_here_is_said(tmp_path: Path) -> None:
    tfvars = BY_HAND[TFVARS_FILE].partition("eso_roles")[0]
    assert problems(tmp_path, {**tree({}), TFVARS_FILE: tfvars}) == [
        (
            "cannot-say note manifests/account.yaml:6:33: the Terraform that terraform/one.tfvars is for is not here: "
            f"{BEHIND}"
        )
    ]


def test_a_role_beside_a_variable_file_of_the_cluster_is_judged_as_far_as_it_is_known(tmp_path: Path) -> None:
    tfvars = BY_HAND[TFVARS_FILE].partition("eso_roles")[0]
    names = "".join(f'variable "{each.split(" ")[0]}" {{}}\n' for each in tfvars.splitlines() if "=" in each)
    text = names + LITERAL.replace(SUBJECT, "system:serviceaccount:shop:web-eso").replace(f'"{SECRET}"', "var.unknown")
    assert problems(tmp_path, {**tree(text), TFVARS_FILE: tfvars}) == [
        (
            "trust-subject error terraform/main.tf:17:1: role one-web-eso trusts system:serviceaccount:shop:web-eso, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


BESIDE = {"terraform/agents/main.tf": LITERAL}
OTHERS = BY_HAND[TFVARS_FILE].replace("one-web-eso", "one-other-eso")


def test_a_role_that_somebody_writes_beside_those_of_a_variable_file_counts(tmp_path: Path) -> None:
    found = problems(tmp_path, {**tree(BESIDE), TFVARS_FILE: OTHERS})
    assert [each for each in found if not each.startswith("role-unused")] == []


def test_a_role_beside_those_of_a_variable_file_is_judged(tmp_path: Path) -> None:
    text = LITERAL.replace(SUBJECT, "system:serviceaccount:web:web")
    assert problems(tmp_path, {**tree({"terraform/agents/main.tf": text}), TFVARS_FILE: OTHERS})[0] == (
        "trust-subject error terraform/agents/main.tf:11:1: role one-web-eso trusts system:serviceaccount:web:web, "
        f"expected {SUBJECT}, which SecretStore store signs in as"
    )


def test_a_role_that_trusts_the_provider_of_another_cluster_is_told(tmp_path: Path) -> None:
    other = PROVIDER.replace("51", "52")
    files = {**tree({"terraform/agents/main.tf": LITERAL.replace(PROVIDER, other)}), TFVARS_FILE: OTHERS}
    mine = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
    files[TFVARS_FILE] = files[TFVARS_FILE].replace(PROVIDER, mine)
    found = [each for each in problems(tmp_path, files) if each.startswith("oidc-provider")]
    assert found == [
        (
            f"oidc-provider error terraform/agents/main.tf:11:1: role one-web-eso trusts the provider {other}, and "
            f"that of one is {mine}"
        )
    ]


def test_a_role_that_is_neither_in_the_variable_file_nor_written_is_told(tmp_path: Path) -> None:
    text = LITERAL.replace("one-web-eso", "onee-web-eso")
    assert problems(tmp_path, {**tree({"terraform/agents/main.tf": text}), TFVARS_FILE: OTHERS})[0] == (
        "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one: got role one-web-eso, "
        f"which no Terraform here makes, expected onee-web-eso, which trusts {SUBJECT}"
    )


def test_a_store_by_hand_may_have_a_role_that_is_made_elsewhere(tmp_path: Path) -> None:
    files = {**tree({}), TFVARS_FILE: MARK + OTHERS.replace('"web-eso"', '"shop-eso"')}
    assert [each for each in problems(tmp_path, files) if not each.startswith("role-unused")] == [
        (
            "role-declared note manifests/account.yaml:6:33: the role of SecretStore store on one: one-web-eso is not "
            "among those of the generated variable file"
        )
    ]


@pytest.mark.parametrize(("slip", "account"), [("onee-web-eso", "shop-eso"), ("another", "web-eso")])
def test_a_store_by_hand_whose_role_is_almost_one_of_the_variable_file_is_told(
    tmp_path: Path, slip: str, account: str
) -> None:
    text = BY_HAND[TFVARS_FILE].replace('"web-eso"', f'"{account}"').replace("one-web-eso", slip)
    files = {**tree({}), TFVARS_FILE: MARK + text}
    assert problems(tmp_path, files)[0] == (
        "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one: got role one-web-eso, "
        f"expected one that its tfvars declare: {slip}"
    )


BARE = LITERAL.partition('resource "aws_iam_role_policy"')[0]
POLICY = LITERAL[len(BARE) :]
ELSEWHERE = "terraform/policies/main.tf"


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ('data "aws_iam_role" "eso" {\n  name = "one-web-eso"\n}\n', "data.aws_iam_role.eso.name"),
        ('locals {\n  role = "one-web-eso"\n}\n', "local.role"),
        (
            'data "terraform_remote_state" "roles" {\n  backend = "s3"\n}\n',
            "data.terraform_remote_state.roles.outputs.role",
        ),
        ('variable "role" {\n}\n', "var.role"),
    ],
)
def test_a_role_without_policies_may_be_given_one_by_whom_nobody_can_say(
    tmp_path: Path, before: str, role: str
) -> None:
    giving = before + POLICY.replace("aws_iam_role.eso.id", role)
    found = problems(tmp_path, tree({MAIN: BARE, ELSEWHERE: giving}))
    assert found == [f"cannot-say note {MAY_READ} {MAIN}:1:1"]


def test_a_role_without_policies_is_told_where_others_are_given_to_roles_of_their_own(tmp_path: Path) -> None:
    own = BARE.replace("one-web-eso", "other") + POLICY.replace("aws_iam_role.eso.id", "one(aws_iam_role.eso[*].id)")
    assert problems(tmp_path, tree({MAIN: BARE, ELSEWHERE: own})) == [
        f"{ACCESS} dev/web/db in eu-west-1: it may read nothing"
    ]


SEVERAL_ROLES = """\
resource "aws_iam_policy_attachment" "read" {{
  name       = "read"
  roles      = {roles}
  policy_arn = "arn:aws:iam::111122223333:policy/read"
}}
"""
ALL_OF_A_ROLE = """\
resource "aws_iam_role_policy_attachments_exclusive" "read" {{
  role_name   = {role}
  policy_arns = [aws_iam_policy.read.arn]
}}
"""


@pytest.mark.parametrize(
    "giving",
    [
        SEVERAL_ROLES.format(roles='["node", "one-web-eso"]'),
        SEVERAL_ROLES.format(roles='["node", var.role]'),
        SEVERAL_ROLES.format(roles="var.roles"),
        ALL_OF_A_ROLE.format(role='"one-web-eso"'),
        ALL_OF_A_ROLE.format(role="var.role"),
    ],
)
def test_a_role_may_be_given_policies_elsewhere_beside_others_or_all_at_once(tmp_path: Path, giving: str) -> None:
    """Source: terraform-provider-aws, aws_iam_policy_attachment and aws_iam_role_policy_attachments_exclusive."""
    assert problems(tmp_path, tree({MAIN: BARE, ELSEWHERE: giving})) == [f"cannot-say note {MAY_READ} {MAIN}:1:1"]


def test_all_policies_of_a_role_may_be_stated_at_once(tmp_path: Path) -> None:
    """Source: terraform-provider-aws, aws_iam_role_policy_attachments_exclusive."""
    policy = POLICY.replace('"aws_iam_role_policy"', '"aws_iam_policy"').replace("  role = aws_iam_role.eso.id\n", "")
    text = BARE + policy + ALL_OF_A_ROLE.format(role="aws_iam_role.eso.name")
    assert problems(tmp_path / "sound", tree(text)) == []
    wrong = problems(tmp_path / "wrong", tree(text.replace("dev/web/db", "dev/web/other")))
    assert [each.split(" ")[:2] for each in wrong] == [["secret-access", "error"], ["secret-access-excess", "warning"]]
    named = problems(tmp_path / "named", tree(text.replace("= aws_iam_role.eso.name", '= "one-web-eso"')))
    assert [each.split(" ")[:2] for each in named] == [["cannot-say", "note"]]


def test_null_is_the_default_for_a_variable_that_cannot_be_null(tmp_path: Path) -> None:
    """Source: Terraform, "variable block", nullable."""
    inner = 'variable "account" {\n  default  = "web-eso"\n  nullable = false\n}\n' + LITERAL.replace(
        SUBJECT, '${var.account == null ? "system:serviceaccount:web:other" : "system:serviceaccount:web:web-eso"}'
    )
    call = 'module "eso" {\n  source  = "./modules/eso"\n  account = null\n}\n'
    assert problems(tmp_path, tree({MAIN: call, "terraform/modules/eso/main.tf": inner})) == []


def test_a_module_with_a_provider_of_its_own_is_where_that_one_is(tmp_path: Path) -> None:
    """Source: Terraform, "Providers Within Modules", legacy shared modules with provider configurations."""
    inner = 'provider "aws" {\n  region = "eu-west-1"\n}\n\ndata "aws_region" "current" {\n}\n' + LITERAL.replace(
        "secretsmanager:eu-west-1", "secretsmanager:${data.aws_region.current.name}"
    )
    call = OTHER_REGION + 'module "eso" {\n  source = "./modules/eso"\n}\n'
    found = problems(tmp_path, tree({MAIN: call, "terraform/modules/eso/main.tf": inner}))
    assert [each for each in found if " note " not in each] == []


def test_a_default_may_be_laid_over_by_a_variable_file_of_which_nobody_knows_for_whom_it_is(tmp_path: Path) -> None:
    text = 'variable "environment" {\n  default = "test"\n}\n' + LITERAL.replace(
        "secret:dev/", "secret:${var.environment}/"
    )
    shared = 'environment = "dev"\nnodes       = 3\nteam        = "shop"\ncidr        = "10.0.0.0/16"\n'
    found = problems(tmp_path, tree({MAIN: text, "config/dev/all.tfvars": shared}))
    assert found == [f"cannot-say note {MAY_READ} {MAIN}:29:1"]


def test_a_module_for_one_addon_of_blueprints_is_not_passed_over(tmp_path: Path) -> None:
    """Source: aws-ia/terraform-aws-eks-blueprints-addon, main.tf as at 042939e, which makes an aws_iam_role."""
    source = "aws-ia/eks-blueprints-addon/aws"
    text = f'module "eso" {{\n  source    = "{source}"\n  role_name = "one-web-eso"\n}}\n'
    assert problems(tmp_path, tree(text)) == [
        f"cannot-say note {NOT_SEEN} module eso, {source} at {MAIN}:2:1: {BEHIND}"
    ]
