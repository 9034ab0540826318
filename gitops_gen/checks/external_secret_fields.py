"""What the operator reads, and the ServiceAccount of a store, have the fields of their kind, with values that it takes.

The API server drops a field that it does not know without a word, so a typo in a key, or a field that only a newer
operator has, is a setting that never was. A word that is none of the field's makes it refuse the object. The operator's
webhook refuses some pairs that are fine by themselves: a Secret that is deleted with the provider's but was not created
by the operator; a dataFrom that extracts and finds at once; neither data nor dataFrom. A PushSecret that selects
nothing pushes nothing. Secrets Manager refuses the id of a version that is too short or too long, and finds none by a
stage with a slip. STS refuses a role whose ARN is none. Where a template reads a key that no data give it, or is taken
from a key that its ConfigMap does not have, the operator makes no Secret; neither does it of a Password that asks for
more characters than there are. A duration without a unit, such as the interval of retrySettings, is none to it. A
generated ExternalSecret that is read once by its policy, and again by its interval, is a warning.

A regular expression or a template that Go does not compile, a function that the operator has not, and a merge into JSON
without a key for it end in an error of the object, wherever they stand: in data, labels, annotations and literals, in
what renames keys, and in a PushSecret. A template whose data are all constants keeps what is fetched out of the Secret,
which is a warning: most often Helm filled it in before.

The fields of a provider are known for Akeyless, AWS, Azure Key Vault, Bitwarden, Doppler, GCP, GitLab, Infisical,
Kubernetes, 1Password, which is read in one vault or one environment, Vault and a webhook; of others only the name.
Those of a generator, such as a Password, are known for all versions at once, so that a slip in one is a warning. A
generator that is named with the apiVersion of something else is not found; none is asked for an entry of data.

Fix: write the field as the operator's version has it. What the API server fills in is for external-secret-defaults.

Source: the CRDs of external-secrets at each tag; v2.9.0, externalsecret_validator.go and providers/v1/aws;
externalsecret_controller_secret.go; its guide on templating; Secrets Manager, GetSecretValue; STS, AssumeRole.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen import external_secrets_shapes
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.external_secret_refusals import ASKED, GENERATOR_REF, MADE, refused
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.checks.refresh_policies import refresh_policies
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.external_secrets import GENERATOR_GROUP, GROUP, NEWEST_VERSION, parse_version
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.near_miss import DID_YOU_MEAN
from gitops_gen.problems import Severity
from gitops_gen.shapes import Misfit, misfits

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.shapes import Steps

_PUSHED = ("PushSecret", "ClusterPushSecret")
"""Of v1alpha1 to this day."""
_SHAPES = {
    "ExternalSecret": external_secrets_shapes.EXTERNAL_SECRET,
    "ClusterExternalSecret": external_secrets_shapes.CLUSTER_EXTERNAL_SECRET,
    "PushSecret": external_secrets_shapes.PUSH_SECRET,
    "ClusterPushSecret": external_secrets_shapes.CLUSTER_PUSH_SECRET,
    **dict.fromkeys(STORE_KINDS, external_secrets_shapes.SECRET_STORE),
}
_OLD_SCHEMA = "v1alpha1"
_NEWEST = parse_version(NEWEST_VERSION) or (0, 0, 0)
_OF_TEMPLATE = ("data", "metadata", "templateFrom")
_TEMPLATE_FROM = ("template", "templateFrom")
_WITH_TEXTS: tuple[Steps, ...] = (
    *(("target", "template", each) for each in _OF_TEMPLATE),
    *(("template", each) for each in _OF_TEMPLATE),
    *(("dataFrom",), ("dataTo",), ("conditions",)),
)


def _run(graph: Graph) -> Iterator[Finding]:
    def alike(each: OperatorObject) -> Hashable:
        return id(each.manifest.value), each.numbers, graph.is_ours(each.manifest.place)

    yield from each_unlike(graph.operator_objects, alike, partial(_of_object, graph))
    yield from _service_accounts(graph)
    yield from refresh_policies(graph)
    if any(list_at(each.manifest.value, "spec", "target", *_TEMPLATE_FROM) for each in graph.operator_objects):
        from gitops_gen.checks.template_maps import missing_template_keys

        yield from missing_template_keys(graph)


def _of_object(graph: Graph, each: OperatorObject) -> Iterator[Finding]:
    manifest = each.manifest
    if manifest.group == GENERATOR_GROUP:
        yield from _of_generator(graph, each)
    if manifest.group != GROUP or (manifest.api_version.endswith(_OLD_SCHEMA) and manifest.kind not in _PUSHED):
        return
    for misfit in (*_refused_texts(manifest), *_misfits(graph, each)):
        yield _told(graph, each, misfit, _severity(graph, each, misfit))
    for misfit in (*refused(manifest), *_generator_refs(each)):
        if not _may_be_added(each, misfit):
            yield _told(graph, each, misfit, Severity.ERROR)
    if manifest.kind == "ExternalSecret" and map_at(manifest.value, "spec", "target", "template", "data"):
        from gitops_gen.checks.unread_data import unread_data

        yield from unread_data(each)
    if manifest.kind in STORE_KINDS and map_at(manifest.value, "spec", "retrySettings"):
        from gitops_gen.checks.retry_settings import misfits_of_retries

        for misfit, severity in misfits_of_retries(map_at(manifest.value, "spec"), each.numbers):
            yield _finding(each, misfit, severity)


def _of_generator(graph: Graph, each: OperatorObject) -> Iterator[Finding]:
    from gitops_gen.checks.generator_objects import misfits_of_generator

    for misfit in misfits_of_generator(each.manifest, is_full=graph.is_ours(each.manifest.place)):
        if _is_stated(each, misfit):
            yield _told(graph, each, misfit, _severity(graph, each, misfit, is_known=False))


def _misfits(graph: Graph, each: OperatorObject) -> Iterator[Misfit]:
    """Yields what is not of the shape of its kind, but for what something fills in later."""
    manifest = each.manifest
    shape, is_ours = _SHAPES.get(manifest.kind), graph.is_ours(manifest.place)
    if shape is None:
        return
    found = misfits(at(manifest.value, "spec"), shape, each.numbers, ("spec",), is_full=is_ours)
    yield from (misfit for misfit in found if _is_stated(each, misfit))


def _is_stated(each: OperatorObject, misfit: Misfit) -> bool:
    """Tells whether what does not fit is what the operator reads: no template, and no placeholder for a name."""
    stated = at(each.manifest.value, *misfit.steps)
    is_filled_in = has_template(stated) or (misfit.is_text and placeholders.in_name(str(stated)))
    return not is_filled_in and not _may_be_added(each, misfit)


def _may_be_added(each: OperatorObject, misfit: Misfit) -> bool:
    """Tells whether something is missing that a patch may add."""
    return bool(misfit.missing) and not each.is_whole


def _refused_texts(manifest: Manifest) -> Iterator[Misfit]:
    if _has_texts(manifest):
        from gitops_gen.checks.secret_texts import refused_texts

        yield from refused_texts(manifest)


def _has_texts(manifest: Manifest) -> bool:
    """Tells whether something in an object may be a regular expression or a template."""
    spec = map_at(manifest.value, "spec")
    return any(at(each, *steps) for each in (spec, *map(partial(map_at, spec), MADE.values())) for steps in _WITH_TEXTS)


def _severity(graph: Graph, each: OperatorObject, misfit: Misfit, *, is_known: bool = True) -> Severity:
    """A newer operator may have more fields and words than are known here; it has no other types.

    Of what is not known by version, any may.
    """
    is_known = is_known and each.numbers is not None and each.numbers <= _NEWEST
    if is_known or misfit.is_type or graph.is_ours(each.manifest.place):
        return Severity.ERROR
    return Severity.WARNING if misfit.hint.startswith(DID_YOU_MEAN) else Severity.NOTE


def _told(graph: Graph, each: OperatorObject, misfit: Misfit, severity: Severity) -> Finding:
    """Returns what is told of what does not fit: what is missing in an excerpt is a note."""
    from gitops_gen.checks.excerpts import of_excerpt
    from gitops_gen.evidence.forms import is_left_out

    finding = _finding(each, misfit, severity)
    if not misfit.missing and not is_left_out(at(each.manifest.value, *misfit.steps)):
        return finding
    return of_excerpt(graph, each.manifest.place, finding)


def _finding(each: OperatorObject, misfit: Misfit, severity: Severity) -> Finding:
    known = "" if severity is Severity.ERROR else f" up to version {'.'.join(map(str, _NEWEST))} of the operator"
    message = f"{each.manifest}: {_path(misfit.steps)}: {misfit.reason}{known}"
    return Finding(
        message,
        each.manifest.place.down(*misfit.steps),
        misfit.hint,
        severity=severity,
        on_key=misfit.on_key,
        cause=message,
        cluster=each.cluster,
    )


def _path(steps: Steps) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _generator_refs(each: OperatorObject) -> Iterator[Misfit]:
    """Yields each generatorRef with the apiVersion of something else."""
    inside = MADE.get(each.manifest.kind)
    steps: Steps = ("spec", *((inside,) if inside else ()))
    spec = map_at(each.manifest.value, *steps)
    refs: list[Steps] = [(step, index, *GENERATOR_REF) for step in ASKED for index in range(len(list_at(spec, step)))]
    for ref in (*refs, ("selector", "generatorRef")):
        if text_at(spec, *ref, "apiVersion"):
            from gitops_gen.checks.generator_objects import misfit_of_reference

            yield from misfit_of_reference(each, (*steps, *ref, "apiVersion"))


def _service_accounts(graph: Graph) -> Iterator[Finding]:
    told = set()
    for reader in graph.readers:
        account = reader.service_account
        if account is None or account.place in told:
            continue
        told.add(account.place)
        for misfit in misfits(account.value, external_secrets_shapes.SERVICE_ACCOUNT, None):
            yield Finding(
                f"{account}: {_path(misfit.steps)}: {misfit.reason}",
                account.place.down(*misfit.steps),
                misfit.hint,
                on_key=misfit.on_key,
                cause=f"{account}: {_path(misfit.steps)}: {misfit.reason}",
                cluster=reader.deployment.cluster.name,
            )


CHECK = Check("external-secret-fields", _run, __doc__, is_of_object=True)
