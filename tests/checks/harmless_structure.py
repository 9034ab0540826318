"""What of the two fleets may be gone, misspelt or of another type without harm, and what verify does not see."""

from __future__ import annotations

from tests.checks.mutation import Harmless, Kind

_ANY = ("*",)
_REMOVED = (Kind.KEY_REMOVED,)
_GONE = (Kind.KEY_REMOVED, Kind.MADE_NULL)
_NULL = (Kind.MADE_NULL,)
_MISSPELT = (Kind.KEY_MISSPELT,)
_TYPE = (Kind.TYPE_CHANGED,)
_ITEM = (Kind.ITEM_REMOVED,)
_FILE = (Kind.FILE_REMOVED,)
_TOLD_IF_MISSPELT = (Kind.KEY_REMOVED, Kind.TYPE_CHANGED, Kind.MADE_NULL)

_SETS = "argocd/applicationsets/*"
_OPERATOR = "argocd/applicationsets/external-secrets.yaml"
_ELEMENTS = "spec.generators.list.elements"
_NUMBERED = "spec.generators.0.list.elements"
_TEMPLATE = "spec.template.spec"
_SECRETS = "*/manifests/secrets.yaml"
_REFERENCE = "spec.data.remoteRef"

_CHOICE = "a choice of the app, and nothing else states it; the diff of a pull request shows it"
_UNREAD = "read only where a sync is automated, and this element's is not"
_PRINTED = "a flag prints as the text of the same letters"
_BACKOFF = "Argo CD has a backoff of its own, and the retry keeps its number of tries"
_NO_WAIT = "nothing that this Application brings waits for another, as far as its files say"
_BY_HAND = "a file that people keep: nothing but this line says that it is read"
_CHART = "the chart is not on disk, so which values it takes, and of which types, is not known; a note says so"
_COMPARED = "it is for what the operator's chart brings, which is not on disk"
_NAMESPACE = "Argo CD puts the object into the namespace of the destination, which is the same"
_SAME_AS_NONE = "without the field, the operator takes what it says"
_SAME_AS_DEFAULT = "without the field, the API server fills in what it says"
_PROVIDER = "only Secrets Manager knows what is in a secret, and which versions it has"
_PROSE = "a text for people"
_REGISTERED = "a cluster may be registered elsewhere; a note says that it is not known"

_CHART_KINDS = "the chart is not on disk, so which kinds it brings for the whole cluster is not known"
_NO_CLUSTERS = "an environment without clusters: no Application is in its project"
_KEYS = "no file says which key encrypts a secret"

_BOTH = (
    Harmless(_SETS, f"{_TEMPLATE}.syncPolicy.retry.backoff", _ANY, _BACKOFF, _REMOVED),
    *(
        Harmless(_SETS, f"{_TEMPLATE}.syncPolicy.retry.backoff.{field}", _ANY, _BACKOFF, _GONE)
        for field in ("duration", "factor", "maxDuration")
    ),
    Harmless(_OPERATOR, f"{_TEMPLATE}.syncPolicy.retry", _ANY, _NO_WAIT, _REMOVED),
    Harmless(_OPERATOR, f"{_TEMPLATE}.syncPolicy.retry.limit", _ANY, _NO_WAIT, _GONE),
    Harmless(_OPERATOR, f"{_TEMPLATE}.syncPolicy.syncOptions", _ANY, _NO_WAIT, _ITEM, "SkipDryRun*"),
    Harmless(_OPERATOR, "spec.template.metadata.annotations", _ANY, _COMPARED, _REMOVED),
    Harmless(
        _OPERATOR, "spec.template.metadata.annotations.argocd.argoproj.io/compare-options", _ANY, _COMPARED, _GONE
    ),
    *(Harmless(_SETS, f"{_ELEMENTS}.{flag}", _ANY, _PRINTED, _TYPE) for flag in ("prune", "selfHeal")),
    Harmless("argocd/projects/*", "spec.description", _ANY, _PROSE, _GONE),
    Harmless("argocd/clusters/*", "", _ANY, _REGISTERED, _FILE),
    Harmless("argocd/clusters/*", "type", _ANY, _SAME_AS_DEFAULT, _GONE),
    Harmless(_SECRETS, "automountServiceAccountToken", _ANY, "no pod runs as the account; that is another rule", _GONE),
    Harmless(_SECRETS, "metadata.namespace", _ANY, _NAMESPACE, _GONE),
    Harmless(_SECRETS, "spec.secretStoreRef.kind", _ANY, _SAME_AS_NONE, _REMOVED),
    Harmless(_SECRETS, "spec.target.name", _ANY, _SAME_AS_NONE, _REMOVED),
    Harmless(_SECRETS, "spec.refreshPolicy", _ANY, _SAME_AS_NONE, _REMOVED, "*: Periodic"),
    Harmless("*/external-secrets/values.yaml", "installCRDs", _ANY, _CHART, (Kind.KEY_REMOVED,)),
)

_POLICIES = ("conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy")

REAL = (
    *_BOTH,
    *(Harmless(_SETS, f"{_NUMBERED}.[45].{flag}", _ANY, _UNREAD, _REMOVED) for flag in ("prune", "selfHeal")),
    Harmless(
        "argocd/applicationsets/myapp.yaml",
        f"{_TEMPLATE}.sources.helm.valueFiles",
        _ANY,
        _BY_HAND,
        _ITEM,
        "$values/examples/*",
    ),
    *(Harmless(_SECRETS, f"{_REFERENCE}.{field}", _ANY, _SAME_AS_NONE, _REMOVED) for field in _POLICIES),
    Harmless(_SECRETS, "spec.refreshInterval", _ANY, _SAME_AS_DEFAULT, _REMOVED, "*: 1h0m0s"),
    Harmless("*/apps/myapp/values.yaml", "replicaCount", _ANY, _CHOICE, _REMOVED),
)
_NOT_AUTOMATED = {
    "dashboards": ("[5678]",),
    "external-secrets": ("[5678]", "1[12]"),
    "payment-reconciliation-service": ("[456789]",),
    "web": ("[012]",),
}
_TOLD_OF_PAYMENTS = "*/apps/payments/values.yaml"
_TOLD_OF_RECONCILIATION = "*/apps/payment-reconciliation-service/values.yaml"
_KEY = (Kind.KEY_REMOVED, Kind.KEY_MISSPELT)

WIDE = (
    *_BOTH,
    Harmless("argocd/applicationsets/payments.yaml", f"{_ELEMENTS}.automated", _ANY, _PRINTED, _TYPE),
    *(
        Harmless(f"argocd/applicationsets/{name}.yaml", f"{_NUMBERED}.{number}.{flag}", _ANY, _UNREAD, _REMOVED)
        for name, numbers in _NOT_AUTOMATED.items()
        for number in numbers
        for flag in ("prune", "selfHeal")
    ),
    Harmless(
        "argocd/applicationsets/web.yaml",
        f"{_TEMPLATE}.sources.helm.valueFiles",
        _ANY,
        _BY_HAND,
        _ITEM,
        "$values/overrides/*",
    ),
    Harmless("argocd/applicationsets/web.yaml", f"{_TEMPLATE}.syncPolicy.retry", _ANY, _NO_WAIT, _REMOVED),
    Harmless("argocd/applicationsets/web.yaml", f"{_TEMPLATE}.syncPolicy.retry.limit", _ANY, _NO_WAIT, _GONE),
    Harmless(
        "argocd/applicationsets/web.yaml", f"{_TEMPLATE}.syncPolicy.syncOptions", _ANY, _NO_WAIT, _ITEM, "SkipDryRun*"
    ),
    Harmless(
        "argocd/applicationsets/dashboards.yaml",
        f"{_TEMPLATE}.syncPolicy.syncOptions",
        _ANY,
        _CHOICE,
        _ITEM,
        "Prune*",
    ),
    Harmless(
        "argocd/applicationsets/payments.yaml",
        "spec.strategy.rollingSync.steps.[03].matchExpressions.1",
        _ANY,
        "all Applications of the stage are alike: it is for one to come",
        _ITEM,
    ),
    Harmless("argocd/projects/[dpst]*", "spec.clusterResourceWhitelist.1", _ANY, _CHART_KINDS, _ITEM),
    Harmless("argocd/projects/lab.yaml", "", _ANY, _NO_CLUSTERS, _FILE),
    *(
        Harmless("argocd/projects/lab.yaml", where, _ANY, _NO_CLUSTERS, _REMOVED)
        for where in ("spec.destinations", "spec.sourceRepos")
    ),
    *(
        Harmless(f"environments/{environment}/*/secrets.yaml", f"{_REFERENCE}.{field}", _ANY, _SAME_AS_NONE, _REMOVED)
        for environment in ("production", "regulated-workloads-production")
        for field in _POLICIES
    ),
    Harmless(_SECRETS, f"{_REFERENCE}.version", _ANY, _PROVIDER, _REMOVED),
    # One cluster alone reads the secrets of these: there is none to hold it against. The private one is another matter:
    # without it, two keys take the whole of one secret, as they do on no other cluster.
    *(
        Harmless(f"environments/{name}/*/secrets.yaml", f"{_REFERENCE}.property", _ANY, _PROVIDER, _REMOVED, before)
        for name in ("test", "china")
        for before in ("*user*", "*password", "*dsn")
    ),
    Harmless(_SECRETS, "spec.refreshInterval", _ANY, _CHOICE, _REMOVED),
    Harmless(_SECRETS, "spec.refreshPolicy", _ANY, _CHOICE, _REMOVED, "*: CreatedOnce"),
    *(
        Harmless(_SECRETS, f"spec.target.template.{field}", _ANY, _SAME_AS_DEFAULT, _REMOVED)
        for field in ("engineVersion", "mergePolicy")
    ),
    Harmless("*/dashboards/*", "spec.data", _ANY, "its values are kept by hand, elsewhere", _ITEM, "admin-*"),
    Harmless("*/external-secrets/values.yaml", "concurrent", _ANY, _CHART, _GONE),
    Harmless(_TOLD_OF_PAYMENTS, "externalSecrets.secrets.reload", _ANY, _CHART, _TOLD_IF_MISSPELT),
    # Null takes away what the values below say, and the chart's own decide.
    Harmless("environments/china/*/payments/values.yaml", "externalSecrets.enabled", _ANY, _CHART, _NULL, "false"),
    # There is one item in the list, so no other one shows how the key is written.
    Harmless(
        _TOLD_OF_RECONCILIATION, "global.secrets.secrets.reload", _ANY, _CHART, (Kind.KEY_MISSPELT, *_TOLD_IF_MISSPELT)
    ),
    Harmless("*/apps/web/values.yaml", "*", _ANY, _CHOICE, (*_KEY, Kind.MADE_NULL, Kind.ITEM_REMOVED)),
    *(
        Harmless("*/apps/web/values.yaml", where, _ANY, _CHOICE, _TYPE)
        for where in ("[!s]*", "service*", "strings.[!o]*")
    ),
    Harmless("environments/production/*.tfvars", "eso_roles.*.kms_key_arns", _ANY, _KEYS, _ITEM),
    Harmless("*/atlas-dev-green.tfvars", "", _ANY, "no release on the cluster reads a secret, so none needs it", _FILE),
)
