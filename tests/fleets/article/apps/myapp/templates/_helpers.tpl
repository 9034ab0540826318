{{- define "myapp.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end -}}
{{- end }}

{{- define "myapp.serviceAccountName" -}}
{{ include "myapp.fullname" . }}
{{- end }}
