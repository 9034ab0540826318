{{/* The chart's name, for labels and for the full name. */}}
{{- define "myapp.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of every object: the release's, with the chart's name after it unless the release's contains that. */}}
{{- define "myapp.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $full | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What ties pods to their Deployment and Service. A Deployment's selector can never change. */}}
{{- define "myapp.selectorLabels" -}}
app.kubernetes.io/name: {{ include "myapp.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "myapp.labels" -}}
{{ include "myapp.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{- end -}}

{{- define "myapp.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "myapp.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* The Secrets whose change restarts the pods, with commas between them; empty when there are none. */}}
{{- define "myapp.reloadedSecrets" -}}
{{- $names := list -}}
{{- if .Values.externalSecrets.enabled -}}
{{- range .Values.externalSecrets.secrets -}}
{{- if .reload }}{{ $names = append $names .name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{/* The container's environment: plain variables by name, then the keys of the Secrets in their order. */}}
{{- define "myapp.env" -}}
{{- $seen := dict -}}
{{- range $name, $value := .Values.env }}
{{- $_ := set $seen $name "env" }}
- name: {{ $name | quote }}
  value: {{ $value | quote }}
{{- end }}
{{- if .Values.externalSecrets.enabled }}
{{- range $secret := .Values.externalSecrets.secrets }}
{{- range $key := $secret.keys }}
{{- with get $seen $key }}{{ fail (printf "environment variable %s comes from %s and from %s: keep one" $key . $secret.name) }}{{ end }}
{{- $_ := set $seen $key $secret.name }}
- name: {{ $key | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret.name | quote }}
      key: {{ $key | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
