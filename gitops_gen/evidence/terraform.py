"""What the variable files of Terraform say: one cluster each, and the roles that read secrets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.regions import partition_of
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import map_at, strings_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.trust import Trust
    from gitops_gen.problems import Location


_NO_LINES: Mapping[str, Location] = {}

_ALWAYS = ("terraform.tfvars", "terraform.tfvars.json")
"""The files that Terraform loads by themselves, before those that end in .auto.tfvars."""

ROLES = "eso_roles"
"""The variable that states roles, each with its ServiceAccount and its secrets."""


class Role(NamedTuple):
    """Who may assume a role, and what it may read: an entry of eso_roles, or a resource of a configuration."""

    key: str
    name: str
    namespace: str
    service_account: str
    secret_arns: tuple[str, ...]
    kms_key_arns: tuple[str, ...]
    place: Place
    """What tells it apart from all others."""
    actions: tuple[str, ...] = ()
    """What it may do, where a policy of a configuration says so."""
    lines: Mapping[str, Location] = _NO_LINES
    """Where each field comes from, if it is no entry of eso_roles."""
    trust: Trust | None = None
    """Whom it trusts, if it is no entry of eso_roles: then it is the one ServiceAccount, and the usual audience."""
    possible_arns: tuple[str, ...] = ()
    """Patterns of what it may read beside, as far as that is known: where a part of one is not, * stands for it."""
    parameter_arns: tuple[str, ...] = ()
    """What it may read of Parameter Store, where a policy of a configuration says so."""
    possible_parameter_arns: tuple[str, ...] = ()
    """Patterns of what it may read there beside."""
    account: str = ""
    """The account that it is in, where a configuration says so."""
    path: str = ""
    """The path that stands before its name in its ARN, with its slashes, where a configuration says so."""
    provider_account: str = ""
    """The account that the provider which makes it works in, where a configuration says so."""
    undefaulted: Role | None = None
    """What is known of it without the defaults of variables, over which others may be laid, if that is less."""

    def at(self, step: str, *steps: str | int) -> Place | Location:
        """Returns where a field is written."""
        return self.lines.get(step) or self.place.down(step, *steps)

    @property
    def subject(self) -> str:
        """The subject that the trust policy names, or several."""
        if self.trust is None:
            return f"system:serviceaccount:{self.namespace}:{self.service_account}"
        return ", ".join(self.trust.subjects) or "no ServiceAccount by a web identity"

    def is_in(self, arn: Arn) -> bool:
        """Tells whether an ARN with its name may be its own: by account and path, as far as they are known."""
        path = arn.resource.removeprefix("role").rpartition("/")[0] + "/"
        return self.account in ("", arn.account) and self.path in ("", path)

    @property
    def with_more(self) -> Role:
        """The role, where it may be allowed to read anything beside."""
        return self._replace(
            possible_arns=(*self.possible_arns, "*"), possible_parameter_arns=(*self.possible_parameter_arns, "*")
        )

    def trusts(self, subject: str) -> bool | None:
        """Tells whether a subject may assume it; None where nobody can say."""
        return self.subject == subject if self.trust is None else self.trust.allows(subject)


class Tfvars(NamedTuple):
    """A variable file of one cluster. A variable that is missing, or is no string, is an empty string."""

    path: str
    values: Mapping[str, object]
    cluster: str
    environment: str
    account: str
    region: str
    provider: str
    provider_arn: str
    roles: tuple[Role, ...]
    is_whole: bool = True
    """False if the cluster may have other roles, which nobody can name without Terraform."""

    @property
    def place(self) -> Place:
        """The file."""
        return Place(self.path)

    @property
    def partition(self) -> str:
        """The partition that most of the ARN of the provider, its host and the region are of, or an empty string."""
        stated = self.provider_arn.partition(":")[2].partition(":")[0]
        host = self.provider.removeprefix("oidc.eks.").removeprefix("oidc-eks.").partition(".")[0]
        of_regions = (found.name for each in (host, self.region) if (found := partition_of(each)) is not None)
        named = [each for each in (stated, *of_regions) if each]
        return max(named, key=named.count, default="")


def read_tfvars(file: File) -> Tfvars | None:
    """Returns what a variable file says, or None if it is not one of a cluster: it names none."""
    values = file.variables
    cluster = text_at(values, "cluster_name")
    if cluster is None:
        return None
    return Tfvars(
        path=file.path,
        values=values,
        cluster=cluster,
        environment=text_at(values, "env") or "",
        account=text_at(values, "account_id") or "",
        region=text_at(values, "aws_region") or "",
        provider=text_at(values, "oidc_provider") or "",
        provider_arn=text_at(values, "oidc_provider_arn") or "",
        roles=tuple(_role(file.path, key, value) for key, value in map_at(values, ROLES).items()),
    )


def loading_order(path: str) -> tuple[int, str] | None:
    """Returns which of the files of a folder Terraform loads later, as what is greater; None for one that is given.

    What is loaded later is laid over what was before. Source: Terraform, "Variable Definition Precedence".
    """
    name = path.rpartition("/")[2]
    if name in _ALWAYS:
        return _ALWAYS.index(name), ""
    return (len(_ALWAYS), name) if name.removesuffix(".json").endswith(".auto.tfvars") else None


def with_roles(tfvars: Tfvars, roles: Iterable[Role], *, is_whole: bool) -> Tfvars:
    """Returns a variable file with the roles of the configuration that it is for."""
    return tfvars._replace(roles=tuple(roles), is_whole=is_whole)


def lost_tfvars(graph: Graph) -> tuple[tuple[Place, str], ...]:
    """Returns where variable files name a cluster that no Application lands on, or none: one is probably a slip."""
    named = tuple(
        (each.place / "cluster_name", f"this file is for {each.cluster}, which is no cluster")
        for each in graph.tfvars
        if each.cluster not in graph.clusters
    )
    unnamed = (each for each in graph.variable_files if text_at(each.variables, "cluster_name") is None)
    return (*named, *((Place(each.path), "this file names no cluster") for each in unnamed if each.origin is not None))


def _role(path: str, key: str, value: object) -> Role:
    return Role(
        key=key,
        name=text_at(value, "role_name") or "",
        namespace=text_at(value, "namespace") or "",
        service_account=text_at(value, "service_account") or "",
        secret_arns=strings_at(value, "secret_arns"),
        kms_key_arns=strings_at(value, "kms_key_arns"),
        place=Place(path, 0, (ROLES, key)),
    )
