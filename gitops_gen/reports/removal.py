"""What follows when a cluster is taken away, as a person reads it before it happens, and the commands to clean up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.reports.clusters import outcome_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.guards import RolledOut
    from gitops_gen.model import App, Release
    from gitops_gen.removal import Removal

_NAMESPACED = "all,configmap,serviceaccount,role,rolebinding,ingress,networkpolicy,poddisruptionbudget"
"""What charts install, but for volumes: they hold data."""


def consequence_lines(removal: Removal) -> Iterator[str]:
    """Yields what goes, what stays and whose it is then, and the commands for the cluster itself."""
    cluster = removal.cluster
    place = f"{cluster.environment.name}, {cluster.region.name}, account {cluster.account.id}"
    yield f"{cluster.name} ({place}), {removal.at.path}:{removal.at.line}"
    yield from _section("Applications", _application_lines(removal))
    yield from _section("What stays on the cluster", _staying_lines(removal))
    yield from _section("Roles in AWS", _role_lines(removal))
    yield from _section("AppProject", _project_lines(removal))
    yield from _section("Files", _file_lines(removal))
    yield from _section("To clean up, in this order", _command_lines(removal))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"{title}:"
    yield from (f"  {line}".rstrip() for line in lines)


def _application_lines(removal: Removal) -> Iterator[str]:
    if not removal.revision:
        yield f"{removal.silence[0]}: which Applications there are, and how guarded, is not known"
        for release in removal.releases:
            yield f"{release.application}, by the model"
        return
    if not removal.applications:
        yield f"none: at HEAD ({removal.revision}) no ApplicationSet has the cluster"
    for each in removal.applications:
        yield _application_line(each, removal.revision)


def _application_line(each: RolledOut, revision: str) -> str:
    name = each.application or f"whatever ApplicationSet {each.application_set} makes of it"
    fate = "stays, as applicationsSync says, until you delete it" if each.application_stays else "goes"
    guard = "its resources WOULD BE DELETED with it" if each.missing else "its resources are preserved"
    return f"{name} {fate}; {guard} (HEAD, {revision}: {each.at})"


def _staying_lines(removal: Removal) -> Iterator[str]:
    if not removal.releases:
        yield "nothing of ours: no app is deployed there"
        return
    if any(each.missing for each in removal.applications):
        yield "nothing is sure to stay: a guard is missing, as said above; with it, this would:"
    for release in removal.releases:
        app = release.app
        yield f"namespace {app.namespace}: what release {app.release_name} installed; Argo CD owns none of it any more"
        if release.has_secrets:
            yield from _secret_lines(release)
    yield "the namespaces themselves, and the volumes in them"


def _secret_lines(release: Release) -> Iterator[str]:
    app = release.app
    names = ", ".join(secret.name for secret in release.secrets.external_secrets)
    chain = f"ServiceAccount {app.service_account}, SecretStore {app.store} and ExternalSecret {names}"
    yield f"namespace {app.namespace}: {chain}; Argo CD owns none of them any more"
    yield f"namespace {app.namespace}: Secret {names}; owned by its ExternalSecret, and refreshed by External Secrets"
    yield "  for as long as the operator runs there and the role exists"


def _role_lines(removal: Removal) -> Iterator[str]:
    with_secrets = removal.releases.with_secrets
    if not with_secrets:
        yield "none"
        return
    for release in with_secrets:
        yield f"{release.role_arn} stays until terraform destroy, below"


def _project_lines(removal: Removal) -> Iterator[str]:
    for destination in removal.releases.destinations:
        project = removal.cluster.environment.project
        yield f"{project} no longer allows namespace {destination.namespace} of {destination.cluster}"
    if not removal.releases:
        yield "nothing changes"


def _file_lines(removal: Removal) -> Iterator[str]:
    yield from outcome_lines(removal.outcome, removal.folder)
    if removal.outcome.kept:
        yield "and only with generate --prune, since they may be a protected environment's:"
        yield from (f"goes     {removal.folder}/{path}" for path in removal.outcome.kept)


def _command_lines(removal: Removal) -> Iterator[str]:
    steps = [
        _guard_commands(removal),
        _rollout_commands(removal),
        _workload_commands(removal),
        _operator_commands(removal),
        _role_commands(removal),
        _secret_commands(removal),
        _registration_commands(removal),
    ]
    number = 0
    for step in steps:
        lines = list(step)
        if lines:
            number += 1
            yield f"{number}. {lines[0]}"
            yield from (f"     {line}" for line in lines[1:])


def _guard_commands(removal: Removal) -> Iterator[str]:
    names = [each.application for each in removal.applications if each.application]
    if not names:
        return
    yield "Before this is merged, where Argo CD runs. Each prints nothing, or its resources would be deleted:"
    for name in names:
        namespace = removal.fleet.argocd.namespace
        yield f"kubectl -n {namespace} get application {name} -o jsonpath='{{.metadata.finalizers}}'"


def _rollout_commands(removal: Removal) -> Iterator[str]:
    yield "Generate, commit, merge; go on when Argo CD has no Application of the cluster any more:"
    yield f"gitops-gen generate{' --prune' if removal.outcome.kept else ''}"
    for each in removal.applications:
        if each.application_stays and each.application:
            yield f"argocd app delete {each.application} --cascade=false"
    namespace, names = removal.fleet.argocd.namespace, [each.application for each in removal.applications]
    if any(names):
        yield f"kubectl -n {namespace} get application {' '.join(filter(None, names))}"


def _workload_commands(removal: Removal) -> Iterator[str]:
    releases = [release for release in removal.releases if not release.app.is_operator]
    if not releases:
        return
    cluster = removal.cluster
    yield "On the cluster, unless the cluster itself is deleted. First the workloads, then what feeds them:"
    yield f"aws eks update-kubeconfig --region {cluster.region.name} --name {cluster.name} --alias {cluster.name}"
    for release in releases:
        yield from _release_commands(removal, release)


def _operator_commands(removal: Removal) -> Iterator[str]:
    operators = [release for release in removal.releases if release.app.is_operator]
    if not operators:
        return
    kubectl = f"kubectl --context {removal.cluster.name}"
    yield "The operator goes last: no ExternalSecret can be deleted without it, and every Secret goes with its kinds:"
    yield f"{kubectl} get externalsecrets.external-secrets.io --all-namespaces    # go on if none of them is needed"
    yield f"{kubectl} get crd -o name | grep 'external-secrets.io$' | xargs {kubectl} delete"
    for release in operators:
        yield from _release_commands(removal, release)


def _release_commands(removal: Removal, release: Release) -> Iterator[str]:
    app, kubectl = release.app, f"kubectl --context {removal.cluster.name}"
    label = f"app.kubernetes.io/instance={removal.fleet.argocd.instance_of(release)}"
    yield f"{kubectl} -n {app.namespace} delete {_NAMESPACED} -l {label}"
    if kinds := _cluster_kinds(app):
        yield f"{kubectl} delete {kinds} -l {label}"
    if release.has_secrets:
        names = " ".join(secret.name for secret in release.secrets.external_secrets)
        yield f"{kubectl} -n {app.namespace} delete externalsecrets.external-secrets.io {names}"
        yield f"{kubectl} -n {app.namespace} delete secretstores.external-secrets.io {app.store}"
        yield f"{kubectl} -n {app.namespace} delete serviceaccount {app.service_account}"
    yield f"{kubectl} -n {app.namespace} get all,pvc    # if nothing is left that anybody needs:"
    yield f"{kubectl} delete namespace {app.namespace}"


def _cluster_kinds(app: App) -> str:
    """Returns the cluster-scoped kinds of a chart, as kubectl takes them; what others use too is left out."""
    kinds = [each for each in app.cluster_resources if each.kind not in ("Namespace", "CustomResourceDefinition")]
    return ",".join(f"{each.kind.lower()}.{each.group}" if each.group else each.kind.lower() for each in kinds)


def _role_commands(removal: Removal) -> Iterator[str]:
    if not removal.releases.with_secrets or removal.tfvars is None:
        return
    name = removal.cluster.name
    yield "The roles, once nothing on the cluster reads secrets any more; in the Terraform root of the roles:"
    if removal.tfvars_command:
        yield f"{removal.tfvars_command} > {name}.tfvars"
    else:
        yield f"keep a copy of {removal.tfvars} as {name}.tfvars before you generate"
    yield f"terraform workspace select {name}"
    yield f"terraform destroy -var-file={name}.tfvars"
    yield "terraform workspace select default"
    yield f"terraform workspace delete {name}"


def _secret_commands(removal: Removal) -> Iterator[str]:
    if not removal.lonely_secrets:
        return
    yield "The secrets that no other release reads, if nobody outside of this fleet does:"
    for region, path in removal.lonely_secrets:
        yield f"aws secretsmanager delete-secret --region {region} --secret-id {path} --recovery-window-in-days 30"


def _registration_commands(removal: Removal) -> Iterator[str]:
    yield "Last, take the cluster from Argo CD, if nothing else is deployed there:"
    yield f"argocd cluster rm {removal.cluster.name}"
