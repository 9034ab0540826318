"""The chain behind each store: ServiceAccount, role, trust, secrets; link by link, as far as the files go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.arns import Arn, parse_arn
from gitops_gen.aws.regions import PARTITION_NAMES, is_known_region, partition_of, without_fips
from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity
from gitops_gen.evidence.terraform import ROLES
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kinds import CLUSTER_STORE, STORE_KINDS
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.controllers import Controller
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.terraform import Role, Tfvars
    from gitops_gen.evidence.written_roles import Found

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
AUDIENCE_ANNOTATION = "eks.amazonaws.com/audience"
DEFAULT_AUDIENCE = "sts.amazonaws.com"

_AWS = ("spec", "provider", "aws")
_REF = ("auth", "jwt", "serviceAccountRef")
_SECRETS_MANAGER = "SecretsManager"
PARAMETER_STORE = "ParameterStore"
_OF_PARAMETERS = ":ssm:"
"""What is in the ARN of a parameter, and in that of no secret."""


class RemoteRef(NamedTuple):
    """A secret that an ExternalSecret asks for, by its name without the prefix of the store, and where it says so."""

    key: str
    place: Place
    is_value: bool = True
    """False where its tags are asked for, by which DescribeSecret alone is called."""


@entity
class Reader:
    """A store of a release that signs in to AWS as a ServiceAccount, and what stands behind it.

    A ClusterSecretStore that names no namespace signs in once in each namespace of its ExternalSecrets, so it is a
    reader for each; one without auth reads as the operator. Each link is None where the one before it, or the link
    itself, is broken; the rule of that link says so.
    """

    deployment: Deployment
    store: Manifest
    namespace: str
    """The namespace of the ServiceAccount."""
    external_secrets: tuple[Manifest, ...]
    identity: Controller | None = None
    """The account of the operator, for a store without auth, which reads as it."""

    @property
    def region(self) -> str | None:
        """The region whose Secrets Manager the store reads, be it by an endpoint of FIPS 140 or not."""
        stated = text_at(self.store.value, *_AWS, "region")
        return None if stated is None else without_fips(stated)

    @property
    def service_account_place(self) -> Place:
        """Where the store names its ServiceAccount, or names none."""
        return self.store.place.down(*_AWS, *(() if self.identity is not None else (*_REF, "name")))

    @property
    def service_account_namespace_place(self) -> Place:
        """Where a store for all namespaces names that of its ServiceAccount, or names none."""
        return self.store.place.down(*_AWS, *(() if self.identity is not None else (*_REF, "namespace")))

    @property
    def service_account_name(self) -> str | None:
        """The ServiceAccount that the store names, or that of the operator for a store that has no auth."""
        if self.identity is not None:
            return self.identity.name
        return text_at(self.store.value, *_AWS, *_REF, "name")

    @cached_property
    def service_account(self) -> Manifest | None:
        """The ServiceAccount, in the namespace of the store and on its cluster."""
        key = ("ServiceAccount", self.namespace, self.service_account_name or "")
        found = self.deployment.cluster.objects.get(key) or ()
        own = (manifest for deployment, manifest in found if deployment is self.deployment)
        return next(own, found[0][1] if found else None)  # there may be others on the cluster of another Argo CD

    @cached_property
    def controller(self) -> Controller | None:
        """The account of the operator itself, if the ServiceAccount is that, and only values of a chart say so."""
        if self.service_account is not None:
            return None
        own = (self.namespace, self.service_account_name)
        return next((each for each in self.deployment.cluster.controllers if (each.namespace, each.name) == own), None)

    @cached_property
    def role_arn(self) -> Arn | None:
        """The role that the ServiceAccount is annotated with, if it is an ARN of a role."""
        if self.service_account is not None:
            stated = text_at(self.service_account.annotations, ROLE_ANNOTATION)
        else:
            stated = self.controller.role if self.controller is not None else None
        arn = parse_arn(stated or "")
        return arn if arn and arn.service == "iam" and arn.resource.startswith("role/") else None

    @property
    def role_place(self) -> Place | None:
        """Where the role is annotated."""
        if self.service_account is None:
            return self.controller.role_place if self.controller is not None else None
        return self.service_account.place.down("metadata", "annotations", ROLE_ANNOTATION)

    @property
    def audience(self) -> tuple[str, Place] | None:
        """For whom the token of the ServiceAccount is, if its annotations say so, and where."""
        if self.service_account is None:
            own = self.controller
            return (own.audience, own.audience_place) if own and own.audience and own.audience_place else None
        stated = at(self.service_account.annotations, AUDIENCE_ANNOTATION)
        place = self.service_account.place.down("metadata", "annotations", AUDIENCE_ANNOTATION)
        return (str(stated), place) if stated is not None else None

    @property
    def tfvars(self) -> Tfvars | None:
        """The variable file of the cluster."""
        return self.deployment.cluster.tfvars

    @property
    def subject(self) -> str:
        """What the token of the ServiceAccount says that it is of."""
        return f"system:serviceaccount:{self.namespace}:{self.service_account_name}"

    @cached_property
    def stated_role(self) -> Role | None:
        """The role of the cluster's variable file whose name the annotation has, in whatever account."""
        if self.role_arn is None or self.tfvars is None:
            return None
        name = self.role_arn.resource.rpartition("/")[2]
        return next((role for role in self.tfvars.roles if role.name == name), None)

    @cached_property
    def found(self) -> Found | None:
        """What the Terraform of the tree makes of the annotation, where the cluster's variable file does not say it.

        Where that file states roles, one that somebody writes beside them counts, and one with almost the name.
        """
        written = self.deployment.cluster.written_roles
        if self.role_arn is None or written is None or self.stated_role is not None:
            return None
        if not self.role_arn.account.isdecimal() or self.role_arn.partition not in PARTITION_NAMES:
            return None  # a form, or a slip, of which service-account-role tells
        found = written.find(self, self.role_arn, self.subject)
        is_told = self.tfvars is not None and ROLES in self.tfvars.values
        return found._replace(doubt=None) if is_told else found

    @property
    def named_role(self) -> Role | None:
        """The role that the annotation names, in whatever account: the one that is stated, or one of the Terraform."""
        return self.stated_role or (self.found.role if self.found is not None else None)

    @cached_property
    def written_role(self) -> Role | None:
        """The role, if it is one of the Terraform that no variable file states."""
        return self.role if self.stated_role is None else None

    @cached_property
    def role(self) -> Role | None:
        """The role that the annotation names, in its account and partition."""
        if self.role_arn is None or self.role_arn.partition not in PARTITION_NAMES:
            return None
        if self.stated_role is None or self.tfvars is None:
            role = self.named_role
            return role if role is not None and role.is_in(self.role_arn) else None
        is_same_account = self.tfvars.account in ("", self.role_arn.account)
        is_same_partition = self.tfvars.partition in ("", self.role_arn.partition)
        return self.stated_role if is_same_account and is_same_partition else None

    @cached_property
    def other_partition(self) -> str | None:
        """The partition of the region that the store reads, if it is not that of the role: nobody can assume it there.

        Where that of the role is none, or the variable file of the cluster is for another, the role is what is wrong.
        """
        arn, region = self.role_arn, self.region
        found = partition_of(region) if region is not None and is_known_region(region) else None
        if arn is None or found is None or found.name == arn.partition:
            return None
        is_sound = self.tfvars is None or self.tfvars.partition in ("", arn.partition)
        return found.name if is_sound and arn.partition in PARTITION_NAMES else None

    @cached_property
    def trusted_role(self) -> Role | None:
        """The role, if it trusts the ServiceAccount."""
        return self.role if self.role is not None and self.role.trusts(self.subject) else None

    @cached_property
    def reading_role(self) -> Role | None:
        """The role, if it is the one that Secrets Manager is read with.

        It is not where the store assumes another one after it, reads another service, or reads where there is no such
        role.
        """
        aws_provider = map_at(self.store.value, *_AWS)
        reads = text_at(aws_provider, "service") == _SECRETS_MANAGER and not text_at(aws_provider, "role")
        return self.trusted_role if reads and self.other_partition is None else None

    @cached_property
    def parameter_role(self) -> Role | None:
        """The role, if it is the one that Parameter Store is read with, and lists what it may read there."""
        role = self._with_parameters
        return role if role is not None and any(_OF_PARAMETERS in arn for arn in role.secret_arns) else None

    @property
    def written_parameter_role(self) -> Role | None:
        """The role, if it is the one that Parameter Store is read with, and a configuration makes it."""
        role = self._with_parameters
        return role if role is not None and role.lines else None

    @property
    def _with_parameters(self) -> Role | None:
        aws_provider = map_at(self.store.value, *_AWS)
        reads = text_at(aws_provider, "service") == PARAMETER_STORE and not text_at(aws_provider, "role")
        return self.trusted_role if reads and self.other_partition is None else None

    @cached_property
    def assumed_arn(self) -> Arn | None:
        """The role that the store assumes after that of its ServiceAccount, if it is an ARN of a role."""
        arn = parse_arn(text_at(self.store.value, *_AWS, "role") or "")
        return arn if arn and arn.service == "iam" and arn.account.isdecimal() else None

    @cached_property
    def assumed_role(self) -> Role | None:
        """The role that the store assumes after that of its ServiceAccount, if the Terraform of the tree makes it."""
        written = self.deployment.cluster.written_roles
        if self.assumed_arn is None or written is None:
            return None
        role = written.find(self, self.assumed_arn, self.subject).role
        return role if role is not None and role.is_in(self.assumed_arn) else None

    @cached_property
    def wanted(self) -> tuple[Hashable, ...]:
        """What decides which secrets it asks for, where: readers that have it in common ask for the same."""
        arn = self.role_arn
        account = (arn.partition, arn.account) if arn is not None else None
        return account, self.region, id(self.store.value), tuple(id(each.value) for each in self.external_secrets)

    @cached_property
    def secret_names(self) -> tuple[tuple[str, RemoteRef], ...]:
        """The names of the secrets that the ExternalSecrets ask for, with the store's prefix, and where."""
        prefix = text_at(self.store.value, *_AWS, "prefix") or ""
        return tuple((f"{prefix}{ref.key}", ref) for each in self.external_secrets for ref in remote_refs(each))


def signs_in(store: Manifest) -> bool:
    """Tells whether a store signs in to AWS as a ServiceAccount."""
    return at(store.value, *_AWS, "auth", "jwt") is not None


def _reads_as_operator(store: Manifest) -> bool:
    """Tells whether a store reads AWS with what the operator's own pods have."""
    provider = at(store.value, *_AWS)
    return isinstance(provider, dict) and not provider.get("auth")


def readers_of(deployment: Deployment) -> Iterator[Reader]:
    """Yields the readers that an Application brings."""
    for store in deployment.manifests:
        if store.kind in STORE_KINDS and signs_in(store):
            for namespace, secrets in _by_namespace(deployment, store).items():
                yield Reader(deployment, store, namespace, tuple(secrets))
        elif store.kind in STORE_KINDS and _reads_as_operator(store):
            controllers = deployment.cluster.controllers
            if len(controllers) == 1:
                yield Reader(deployment, store, controllers[0].namespace, _secrets(deployment, store), controllers[0])


def by_account(readers: Iterable[Reader], is_ours: Callable[[Place], bool]) -> Iterator[Sequence[Reader]]:
    """Yields the readers that sign in as one ServiceAccount of one cluster, those with a generated store first.

    What is wrong with the ServiceAccount, and with the role that it names, is so for each of them.
    """
    found: dict[Hashable, list[Reader]] = {}
    for each in readers:
        account = (id(each.deployment.cluster), each.subject, id(each.service_account))
        found.setdefault(account, []).append(each)
    for of_account in found.values():
        yield sorted(of_account, key=lambda each: not is_ours(each.store.place)) if of_account[1:] else of_account


def _secrets(deployment: Deployment, store: Manifest) -> tuple[Manifest, ...]:
    """Returns the ExternalSecrets of a store, in whatever namespace it serves."""
    by_namespace = deployment.cluster.external_secrets_by_store.get((store.kind, store.name), {})
    if store.kind != CLUSTER_STORE:
        return tuple(by_namespace.get(deployment.namespace_of(store), ()))
    return tuple(each for found in by_namespace.values() for each in found)


def _by_namespace(deployment: Deployment, store: Manifest) -> Mapping[str, Sequence[Manifest]]:
    """Returns the ExternalSecrets of a store by the namespace in which it looks its ServiceAccount up for them."""
    secrets = deployment.cluster.external_secrets_by_store.get((store.kind, store.name), {})
    if store.kind != CLUSTER_STORE:
        own = deployment.namespace_of(store)
        return {own: secrets.get(own, ())}
    stated = text_at(store.value, *_AWS, *_REF, "namespace")
    return secrets if stated is None else {stated: [each for found in secrets.values() for each in found]}


def remote_refs(manifest: Manifest) -> Iterator[RemoteRef]:
    """Yields the secrets that an ExternalSecret asks its own store for, by name."""
    for index, datum in enumerate(list_at(manifest.value, "spec", "data")):
        key = text_at(datum, "remoteRef", "key")
        if key is not None and at(datum, "sourceRef", "storeRef") is None:
            place = manifest.place.down("spec", "data", index, "remoteRef", "key")
            yield RemoteRef(key, place, _is_value(at(datum, "remoteRef")))
    for index, datum in enumerate(list_at(manifest.value, "spec", "dataFrom")):
        key = text_at(datum, "extract", "key")
        if key is not None and at(datum, "sourceRef", "storeRef") is None:
            place = manifest.place.down("spec", "dataFrom", index, "extract", "key")
            yield RemoteRef(key, place, _is_value(at(datum, "extract")))


def _is_value(ref: object) -> bool:
    return text_at(ref, "metadataPolicy") != "Fetch"


def store_ref(manifest: Manifest) -> tuple[str, str]:
    """Returns the kind and name of the store of an ExternalSecret (an empty kind means SecretStore)."""
    ref = map_at(manifest.value, "spec", "secretStoreRef")
    return text_at(ref, "kind") or "SecretStore", text_at(ref, "name") or ""


def target_name(manifest: Manifest) -> str:
    """Returns the Kubernetes Secret that an ExternalSecret makes (its own name by default)."""
    return text_at(manifest.value, "spec", "target", "name") or manifest.name
