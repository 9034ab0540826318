"""The types of the fields of Kubernetes' own objects that people write most, by kind, and the names of all of them.

A field that is not in `TYPES` is not judged by its type, and neither is a quantity, which may be a number or a text.
Source: Kubernetes, API reference v1.36.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE, TEXT, FLAG, EITHER = "a whole number", "a string", "true or false", "a whole number or a string"

ANY = "*"
"""The fields of a map that has any."""

Type: TypeAlias = "str | list[Type] | Mapping[str, Type]"
"""A scalar; a list of something; or a map with some fields."""

_PROBE: Type = {
    **dict.fromkeys(("initialDelaySeconds", "periodSeconds", "timeoutSeconds"), WHOLE),
    **dict.fromkeys(("successThreshold", "failureThreshold", "terminationGracePeriodSeconds"), WHOLE),
    "httpGet": {"path": TEXT, "port": EITHER, "host": TEXT, "scheme": TEXT},
    "tcpSocket": {"port": EITHER, "host": TEXT},
    "exec": {"command": [TEXT]},
}
_SECURITY: Type = {
    **dict.fromkeys(("runAsUser", "runAsGroup", "fsGroup"), WHOLE),
    **dict.fromkeys(("runAsNonRoot", "privileged", "readOnlyRootFilesystem", "allowPrivilegeEscalation"), FLAG),
}
_CONTAINER: Type = {
    **dict.fromkeys(("name", "image", "imagePullPolicy", "workingDir"), TEXT),
    "command": [TEXT],
    "args": [TEXT],
    "ports": [{"containerPort": WHOLE, "hostPort": WHOLE, "name": TEXT, "protocol": TEXT}],
    "env": [{"name": TEXT, "value": TEXT}],
    "volumeMounts": [{"name": TEXT, "mountPath": TEXT, "subPath": TEXT, "readOnly": FLAG}],
    **dict.fromkeys(("livenessProbe", "readinessProbe", "startupProbe"), _PROBE),
    "securityContext": _SECURITY,
    "stdin": FLAG,
    "tty": FLAG,
}
_POD: Type = {
    "containers": [_CONTAINER],
    "initContainers": [_CONTAINER],
    **dict.fromkeys(("serviceAccountName", "restartPolicy", "priorityClassName", "nodeName", "dnsPolicy"), TEXT),
    **dict.fromkeys(("hostNetwork", "hostPID", "automountServiceAccountToken", "enableServiceLinks"), FLAG),
    **dict.fromkeys(("terminationGracePeriodSeconds", "activeDeadlineSeconds"), WHOLE),
    "nodeSelector": {ANY: TEXT},
    "imagePullSecrets": [{"name": TEXT}],
    "tolerations": [{"key": TEXT, "operator": TEXT, "value": TEXT, "effect": TEXT, "tolerationSeconds": WHOLE}],
    "securityContext": _SECURITY,
    "volumes": [{"name": TEXT}],
}
_TEMPLATE: Mapping[str, Type] = {"template": {"spec": _POD}, "selector": {"matchLabels": {ANY: TEXT}}}
_REPLICAS: Mapping[str, Type] = dict.fromkeys(("replicas", "minReadySeconds", "revisionHistoryLimit"), WHOLE)
_ROLLING: Type = {"maxSurge": EITHER, "maxUnavailable": EITHER}
_JOB: Mapping[str, Type] = {
    **dict.fromkeys(("backoffLimit", "completions", "parallelism"), WHOLE),
    **dict.fromkeys(("ttlSecondsAfterFinished", "activeDeadlineSeconds"), WHOLE),
    "suspend": FLAG,
    "template": {"spec": _POD},
}
_TEXTS: Type = {ANY: TEXT}

TYPES: Mapping[tuple[str, str], Mapping[str, Type]] = {
    ("", "Pod"): {"spec": _POD},
    ("apps", "Deployment"): {
        "spec": {
            **_TEMPLATE,
            **_REPLICAS,
            "progressDeadlineSeconds": WHOLE,
            "paused": FLAG,
            "strategy": {"type": TEXT, "rollingUpdate": _ROLLING},
        }
    },
    ("apps", "StatefulSet"): {"spec": {**_TEMPLATE, **_REPLICAS, "serviceName": TEXT}},
    ("apps", "DaemonSet"): {"spec": {**_TEMPLATE, **_REPLICAS, "updateStrategy": {"rollingUpdate": _ROLLING}}},
    ("apps", "ReplicaSet"): {"spec": {**_TEMPLATE, **_REPLICAS}},
    ("batch", "Job"): {"spec": _JOB},
    ("batch", "CronJob"): {
        "spec": {
            "schedule": TEXT,
            "timeZone": TEXT,
            "concurrencyPolicy": TEXT,
            "suspend": FLAG,
            **dict.fromkeys(("successfulJobsHistoryLimit", "failedJobsHistoryLimit"), WHOLE),
            "startingDeadlineSeconds": WHOLE,
            "jobTemplate": {"spec": _JOB},
        }
    },
    ("", "Service"): {
        "spec": {
            **dict.fromkeys(("type", "clusterIP", "externalName", "loadBalancerIP", "sessionAffinity"), TEXT),
            "selector": _TEXTS,
            "ports": [{"name": TEXT, "protocol": TEXT, "port": WHOLE, "nodePort": WHOLE, "targetPort": EITHER}],
        }
    },
    ("", "ConfigMap"): {"data": _TEXTS, "immutable": FLAG},
    ("", "Secret"): {"data": _TEXTS, "stringData": _TEXTS, "type": TEXT, "immutable": FLAG},
    ("autoscaling", "HorizontalPodAutoscaler"): {"spec": {"minReplicas": WHOLE, "maxReplicas": WHOLE}},
    ("policy", "PodDisruptionBudget"): {"spec": {"minAvailable": EITHER, "maxUnavailable": EITHER}},
    ("networking.k8s.io", "Ingress"): {
        "spec": {
            "ingressClassName": TEXT,
            "rules": [
                {
                    "host": TEXT,
                    "http": {
                        "paths": [
                            {
                                "path": TEXT,
                                "pathType": TEXT,
                                "backend": {"service": {"name": TEXT, "port": {"name": TEXT, "number": WHOLE}}},
                            }
                        ]
                    },
                }
            ],
            "tls": [{"hosts": [TEXT], "secretName": TEXT}],
        }
    },
}
"""What each field takes, by group and kind."""

Names: TypeAlias = "Mapping[str, Names | None]"
"""All fields of a map, each with those of the map, or of the items of the list, that it holds, if they are known."""


def _names(words: str, **held: Names) -> Names:
    return {**dict.fromkeys(words.split()), **held}


_METADATA = _names(
    "annotations creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers generateName generation "
    "labels managedFields name namespace ownerReferences resourceVersion selfLink uid"
)
_SELECTOR_NAMES = _names("matchExpressions matchLabels")
_KEY_NAMES = _names("key name optional")
_ENV_NAMES = _names(
    "name value",
    valueFrom=_names("fieldRef fileKeyRef resourceFieldRef", secretKeyRef=_KEY_NAMES, configMapKeyRef=_KEY_NAMES),
)
_PROBE_NAMES = _names(
    "exec failureThreshold grpc initialDelaySeconds periodSeconds successThreshold tcpSocket "
    "terminationGracePeriodSeconds timeoutSeconds",
    httpGet=_names("host httpHeaders path port scheme"),
)
_CONTAINER_NAMES = _names(
    "args command image imagePullPolicy lifecycle name resizePolicy restartPolicy restartPolicyRules securityContext "
    "stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices workingDir",
    env=_ENV_NAMES,
    envFrom=_names("prefix", configMapRef=_names("name optional"), secretRef=_names("name optional")),
    livenessProbe=_PROBE_NAMES,
    readinessProbe=_PROBE_NAMES,
    startupProbe=_PROBE_NAMES,
    ports=_names("containerPort hostIP hostPort name protocol"),
    resources=_names("claims limits requests"),
    volumeMounts=_names("mountPath mountPropagation name readOnly recursiveReadOnly subPath subPathExpr"),
)
_POD_NAMES = _names(
    "activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks "
    "ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride nodeName "
    "nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims resources "
    "restartPolicy runtimeClassName schedulerName schedulingGates schedulingGroup securityContext serviceAccount "
    "serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations "
    "topologySpreadConstraints volumes workloadRef",
    containers=_CONTAINER_NAMES,
    initContainers=_CONTAINER_NAMES,
    imagePullSecrets=_names("name"),
)
_POD_TEMPLATE_NAMES = _names("", metadata=_METADATA, spec=_POD_NAMES)
_JOB_NAMES = _names(
    "activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector "
    "maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy scheduling successPolicy suspend "
    "ttlSecondsAfterFinished",
    selector=_SELECTOR_NAMES,
    template=_POD_TEMPLATE_NAMES,
)
_BACKEND_NAMES = _names("resource serviceName servicePort", service=_names("name", port=_names("name number")))
_OF_PODS: Mapping[str, Names] = {"selector": _SELECTOR_NAMES, "template": _POD_TEMPLATE_NAMES}


def _object(spec: Names) -> Names:
    return _names("apiVersion kind metadata status", spec=spec)


NAMES: Mapping[tuple[str, str], Names] = {
    ("", "Pod"): _object(_POD_NAMES),
    ("apps", "Deployment"): _object(
        _names("minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit strategy", **_OF_PODS)
    ),
    ("apps", "StatefulSet"): _object(
        _names(
            "minReadySeconds ordinals persistentVolumeClaimRetentionPolicy podManagementPolicy replicas "
            "revisionHistoryLimit serviceName updateStrategy volumeClaimTemplates",
            **_OF_PODS,
        )
    ),
    ("apps", "DaemonSet"): _object(_names("minReadySeconds revisionHistoryLimit updateStrategy", **_OF_PODS)),
    ("apps", "ReplicaSet"): _object(_names("minReadySeconds replicas", **_OF_PODS)),
    ("batch", "Job"): _object(_JOB_NAMES),
    ("batch", "CronJob"): _object(
        _names(
            "concurrencyPolicy failedJobsHistoryLimit schedule startingDeadlineSeconds successfulJobsHistoryLimit "
            "suspend timeZone",
            jobTemplate=_names("", metadata=_METADATA, spec=_JOB_NAMES),
        )
    ),
    ("", "Service"): _object(
        _names(
            "allocateLoadBalancerNodePorts clusterIP clusterIPs externalIPs externalName externalTrafficPolicy "
            "healthCheckNodePort internalTrafficPolicy ipFamilies ipFamily ipFamilyPolicy loadBalancerClass "
            "loadBalancerIP loadBalancerSourceRanges publishNotReadyAddresses selector sessionAffinity "
            "sessionAffinityConfig topologyKeys trafficDistribution type",
            ports=_names("appProtocol name nodePort port protocol targetPort"),
        )
    ),
    ("autoscaling", "HorizontalPodAutoscaler"): _object(
        _names(
            "behavior maxReplicas metrics minReplicas targetCPUUtilizationPercentage",
            scaleTargetRef=_names("apiVersion kind name"),
        )
    ),
    ("policy", "PodDisruptionBudget"): _object(
        _names("maxUnavailable minAvailable unhealthyPodEvictionPolicy", selector=_SELECTOR_NAMES)
    ),
    ("networking.k8s.io", "Ingress"): _object(
        _names(
            "ingressClassName",
            backend=_BACKEND_NAMES,
            defaultBackend=_BACKEND_NAMES,
            rules=_names("host", http=_names("", paths=_names("path pathType", backend=_BACKEND_NAMES))),
            tls=_names("hosts secretName"),
        )
    ),
}
"""By group and kind. Those that an older Kubernetes had are among them."""
