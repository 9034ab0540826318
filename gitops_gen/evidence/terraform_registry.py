"""The roles that well-known modules of the Terraform registry make: their source is not in a tree, and known here.

Only what their source says is told, and only of these:

- terraform-aws-modules/terraform-aws-iam, v4 and v5: modules/iam-role-for-service-accounts-eks (main.tf, policies.tf
  and variables.tf as at 0024928, 0018043) and modules/iam-assumable-role-with-oidc (main.tf and variables.tf as at
  013f844, 027f597); v6: modules/iam-role-for-service-accounts (main.tf as at 07478b1, variables.tf as at 02f28c4)
- terraform-aws-modules/terraform-aws-eks-pod-identity, v1 and v2 (main.tf as at 066da8c), whose roles are for no web
  identity
- aws-ia/terraform-aws-eks-blueprints-addons, v1 (main.tf and variables.tf): external_secrets, by means of
  aws-ia/terraform-aws-eks-blueprints-addon (main.tf as at 042939e).

What other modules make is not known. What a module lets be added to its policies leaves open what its role may read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_policies import (
    ANYTHING,
    READ,
    READ_PARAMETER,
    Granted,
    granted_by,
    granted_by_arns,
)
from gitops_gen.evidence.terraform_unknowns import GENERATED, HOLE, UNKNOWN
from gitops_gen.evidence.trust import NOBODY_KNOWS, Condition, Grant, Trust, trust_of
from gitops_gen.evidence.values import at, map_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Arguments = Mapping[str, object]

_IAM = r"terraform-aws-modules/(?:terraform-aws-)?iam(?:/aws|\.git)?//modules/(?P<name>[\w-]+)"
_POD_IDENTITY = r"terraform-aws-modules/(?:terraform-aws-)?eks-pod-identity(?:/aws|\.git)?(?:\?.*)?"
_BLUEPRINTS = r"aws-ia/(?:terraform-aws-)?eks-blueprints-addons(?:/aws|\.git)?(?:\?.*)?"
_AUDIENCE = "sts.amazonaws.com"
_SUBJECT = "system:serviceaccount:"
_ANY_SECRET = ["arn:aws:secretsmanager:*:*:secret:*"]
_ANY_PARAMETER = ["arn:aws:ssm:*:*:parameter/*"]
_ANY_KEY = ["arn:aws:kms:*:*:key/*"]
_ANYTHING_OF = {"secrets_manager": _ANY_SECRET, "ssm_parameter": _ANY_PARAMETER, "kms_key": _ANY_KEY}
"""What the policy for External Secrets allows where nobody says otherwise, by what the arguments are called."""
_ACTIONS = {"secrets_manager": READ, "ssm_parameter": READ_PARAMETER, "kms_key": "kms:Decrypt"}


class FarRole(NamedTuple):
    """A role that a module of a registry makes."""

    name: str
    trust: Trust
    granted: Granted
    path: str = ""
    """Its path, where it is known."""


def made_by(source: str, arguments: Arguments) -> tuple[FarRole, ...] | None:
    """Returns the roles that a module makes with some arguments; None for a module that is not known."""
    iam = re.search(_IAM, source)
    if iam is not None:
        known: dict[str, Callable[[Arguments], tuple[FarRole, ...]]] = {
            "iam-role-for-service-accounts-eks": _role_5,
            "iam-role-for-service-accounts": _role_6,
            "iam-assumable-role-with-oidc": _with_oidc,
        }
        make = known.get(iam["name"])
        return make(arguments) if make else None
    if re.search(rf"{_POD_IDENTITY}\Z", source):
        return _pod_identity(arguments)
    return _blueprints(arguments) if re.search(rf"{_BLUEPRINTS}\Z", source) else None


def _role_5(arguments: Arguments) -> tuple[FarRole, ...]:
    if arguments.get("create_role", True) is False:
        return ()
    test = arguments.get("assume_role_condition_test", "StringEquals")
    granted = _of_external_secrets(arguments, _ANYTHING_OF) | _of_map(arguments.get("role_policy_arns", {}))
    name = _name(arguments.get("role_name"), arguments.get("role_name_prefix"))
    trust = _of_providers(arguments.get("oidc_providers", {}), test)
    return (FarRole(name, trust, granted, _path(arguments.get("role_path", "/"))),)


def _role_6(arguments: Arguments) -> tuple[FarRole, ...]:
    if arguments.get("create", True) is False:
        return ()
    trust = _of_providers(arguments.get("oidc_providers", {}), arguments.get("trust_condition_test", "StringEquals"))
    if arguments.keys() & {"source_trust_policy_documents", "override_trust_policy_documents"}:
        trust = NOBODY_KNOWS
    granted = _of_external_secrets(arguments, {}) | _of_map(arguments.get("policies", {}))
    if arguments.get("create_policy", True) is not True or arguments.keys() & _MORE_POLICIES:
        granted |= ANYTHING
    name = _prefixed(arguments.get("name", ""), arguments.get("use_name_prefix", True))
    return (FarRole(name, trust, granted, _path(arguments.get("path", "/"))),)


_MORE_POLICIES = {
    "permissions",
    "source_policy_documents",
    "override_policy_documents",
    "create_inline_policy",
    "inline_policy_permissions",
}


def _with_oidc(arguments: Arguments) -> tuple[FarRole, ...]:
    if arguments.get("create_role", False) is False:
        return ()
    asked = [
        _condition(arguments.get(name, []), is_pattern=is_pattern)
        for name, is_pattern in (("oidc_fully_qualified_subjects", False), ("oidc_subjects_with_wildcards", True))
    ]
    audiences = _condition(arguments.get("oidc_fully_qualified_audiences", []), is_pattern=True)
    is_whole = None not in (*asked, audiences)
    grant = Grant(
        tuple(each for each in asked if each and each.values),
        (audiences,) if audiences and audiences.values else (),
        (),
        (),
        is_whole,
    )
    policies = arguments.get("role_policy_arns", [])
    granted = granted_by_arns(policies if isinstance(policies, list) else [policies])
    if arguments.keys() & {"inline_policy_statements", "inline_policy_json_document"}:
        granted |= ANYTHING
    name = _name(arguments.get("role_name"), arguments.get("role_name_prefix"))
    return (FarRole(name, Trust((grant,)), granted, _path(arguments.get("role_path", "/"))),)


def _pod_identity(arguments: Arguments) -> tuple[FarRole, ...]:
    if arguments.get("create", True) is False:
        return ()
    trust = NOBODY_KNOWS if "trust_policy_statements" in arguments else Trust(())
    name = _prefixed(arguments.get("name", ""), arguments.get("use_name_prefix", True))
    return (FarRole(name, trust, ANYTHING, _path(arguments.get("path", "/"))),)


def _blueprints(arguments: Arguments) -> tuple[FarRole, ...] | None:
    """Returns the role of External Secrets; None, for nobody knows, where it may have another or other addons have."""
    if arguments.get("enable_external_secrets", False) is False:
        return None
    stated = arguments.get("external_secrets", {})
    own = map_at(stated) if stated is not UNKNOWN else {"role_name": UNKNOWN}
    subject = f"{own.get('namespace', 'external-secrets')}:{own.get('service_account_name', 'external-secrets-sa')}"
    trust = _of_providers({"this": {"namespace_service_accounts": [subject]}}, "StringEquals")
    if stated is UNKNOWN or any(own.get(each) is UNKNOWN for each in ("namespace", "service_account_name")):
        trust = NOBODY_KNOWS
    granted = _of_external_secrets({**arguments, "attach_external_secrets_policy": True}, _ANYTHING_OF)
    if stated is UNKNOWN or own.keys() & {*_MORE_POLICIES, "role_policies", "policy_statements", "create_policy"}:
        granted |= ANYTHING
    name = _prefixed(own.get("role_name", "external-secrets"), own.get("role_name_use_prefix", True))
    return (FarRole(name, trust, granted),)


def _path(value: object) -> str:
    return value if isinstance(value, str) and HOLE not in value else ""


def _name(name: object, prefix: object) -> str:
    if name is None:
        return f"{prefix or 'terraform-'}{GENERATED}" if isinstance(prefix, str | None) else HOLE
    return name if isinstance(name, str) else HOLE


def _prefixed(name: object, is_prefix: object) -> str:
    if not isinstance(name, str) or not isinstance(is_prefix, bool):
        return HOLE
    return f"{name}-{GENERATED}" if is_prefix else name


def _of_providers(providers: object, test: object) -> Trust:
    """Returns the trust that a map of OIDC providers comes to, each with its ServiceAccounts."""
    if not isinstance(providers, dict) or not isinstance(test, str):
        return NOBODY_KNOWS
    # A module may let the role assume itself: allow_self_assume_role.
    return trust_of([_statement(each, test) for each in providers.values()])._replace(is_assumable=None)


def _statement(provider: object, test: str) -> Mapping[str, object]:
    arn = at(provider, "provider_arn")
    issuer = arn.rpartition("provider/")[2] if isinstance(arn, str) else HOLE
    accounts = at(provider, "namespace_service_accounts")
    subjects = [f"{_SUBJECT}{each}" if isinstance(each, str) else UNKNOWN for each in _listed(accounts)]
    return {
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": arn},
        "Condition": {test: {f"{issuer}:sub": subjects, f"{issuer}:aud": _AUDIENCE}},
    }


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _condition(values: object, *, is_pattern: bool) -> Condition | None:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        return None
    return Condition(tuple(map(str, values)), is_pattern)


def _of_external_secrets(arguments: Arguments, usual: Mapping[str, list[str]]) -> Granted:
    """Returns what the policy for External Secrets allows, which the module has if that is asked for.

    What it may do is the module's own, so that nobody is told to take an action away.
    """
    attached = arguments.get("attach_external_secrets_policy", False)
    if attached is False:
        return Granted()
    statements = [
        {
            "Action": action,
            "Effect": "Allow",
            "Resource": arguments.get(f"external_secrets_{name}_arns", usual.get(name, [])),
        }
        for name, action in _ACTIONS.items()
    ]
    granted = granted_by([each for each in statements if each["Resource"] != []])._replace(actions=())
    return granted if attached is True else granted.unsure


def _of_map(policies: object) -> Granted:
    return granted_by_arns(policies.values()) if isinstance(policies, dict) else ANYTHING
