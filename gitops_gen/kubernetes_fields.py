"""The types of the fields of Kubernetes' own objects that people write most, by kind.

A field that is not here is not judged, and neither is a quantity, which may be a number or a text.
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
