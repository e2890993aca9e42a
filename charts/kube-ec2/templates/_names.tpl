{{/* Labels of everything. Names are fixed: CRDs and cluster roles allow one installation per cluster anyway. */}}
{{- define "kube-ec2.labels" -}}
app.kubernetes.io/part-of: kube-ec2
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Labels that select the pods of a component; call with (dict "root" $ "component" "endpoint"). */}}
{{- define "kube-ec2.selector" -}}
app.kubernetes.io/name: kube-ec2
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/*
A Deployment; call with
(dict "root" $ "component" "endpoint" "values" .Values.endpoint "ports" <name to port> "probePort" <name> "environment" <name to value>).
*/}}
{{- define "kube-ec2.deployment" -}}
{{- $root := .root -}}
{{- $selector := include "kube-ec2.selector" (dict "root" $root "component" .component) -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kube-ec2-{{ .component }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "kube-ec2.labels" $root | nindent 4 }}
    {{- $selector | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  selector:
    matchLabels:
      {{- $selector | nindent 6 }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  template:
    metadata:
      labels:
        {{- include "kube-ec2.labels" $root | nindent 8 }}
        {{- $selector | nindent 8 }}
        {{- with .values.podLabels }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- with .values.podAnnotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: kube-ec2-{{ .component }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: {{ .component }}
          image: {{ printf "%s:%s" $root.Values.image.repository ($root.Values.image.tag | default $root.Chart.AppVersion) | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            - name: KUBE_EC2_NAMESPACE
              valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
            {{- range $name, $value := .environment }}
            - name: {{ $name }}
              value: {{ $value | toString | quote }}
            {{- end }}
          ports:
            {{- range $name, $port := .ports }}
            - {name: {{ $name }}, containerPort: {{ $port }}}
            {{- end }}
          # Long enough for the first lists of a large cluster.
          startupProbe:
            httpGet: {path: /healthz, port: {{ .probePort }}}
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: {path: /healthz, port: {{ .probePort }}}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: {path: /readyz, port: {{ .probePort }}}
            periodSeconds: 5
            timeoutSeconds: 5
          {{- if eq .component "endpoint" }}
          # Requests still come in until every node has taken the address out of the Service.
          lifecycle:
            preStop: {sleep: {seconds: 5}}
          {{- end }}
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: temporary, mountPath: /tmp}
      volumes:
        # Node keeps its compile cache here.
        - name: temporary
          emptyDir: {sizeLimit: 64Mi}
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- $selector | nindent 14 }}
        {{- end }}
{{- end }}
