"""The stock templates as Python, with what was found when they were checked.

Made by `make ready`, with Jinja 3.1.6.
"""
# mypy: ignore-errors

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.templating.lookups import Condition
from gitops_gen.templating.reads import Reads
from gitops_gen.templating.runtime import Ready

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.templating.lookups import Path


def argocd_applicationset_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_app = resolve('app')
    l_0_fleet = resolve('fleet')
    l_0_releases = resolve('releases')
    t_1 = environment.filters['bare']
    t_2 = environment.filters['counted']
    t_3 = environment.filters['string']
    t_5 = environment.filters['yaml']
    pass
    if (t_6 if (t_7 := (t_6 := (t_8.rollout if 'rollout' in facts((t_8 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_8, 'rollout'))).__class__) in light or (t_7 is str and len(t_6) < 64) else environment.weighed(t_6)) == 'rolling':
        pass
        yield concat(('# The stages are synced one after the other; a step of maxUpdate 0 waits until a person syncs what is in it. Argo CD must\n# enable this: applicationsetcontroller.enable.progressive.syncs in argocd-cmd-params-cm. Without it the strategy is\n# ignored, and nothing here syncs by itself.\n',))
    yield concat(('apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: ', t_5(t_9.name if 'name' in facts((t_9 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_9, 'name')), '\n  namespace: ', t_5(t_10.namespace if 'namespace' in facts((t_10 := (t_11.argocd if 'argocd' in facts((t_11 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_11, 'argocd'))).__class__, ()) else environment.getattr(t_10, 'namespace')), '\nspec:\n  goTemplate: true\n  goTemplateOptions:\n    - missingkey=error\n  generators:\n'))
    if (t_12 if (t_13 := (t_12 := (t_14.generator if 'generator' in facts((t_14 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_14, 'generator'))).__class__) in light or (t_13 is str and len(t_12) < 64) else environment.weighed(t_12)) == 'git':
        pass
        yield concat(('    - git:\n        repoURL: ', t_5(t_15.url if 'url' in facts((t_15 := (t_16.repo if 'repo' in facts((t_16 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_16, 'repo'))).__class__, ()) else environment.getattr(t_15, 'url')), '\n        revision: ', t_5(t_17.revision if 'revision' in facts((t_17 := (t_18.repo if 'repo' in facts((t_18 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_18, 'repo'))).__class__, ()) else environment.getattr(t_17, 'revision')), '\n        files:\n          - path: "', t_1(environment.call(context, t_19.at if 'at' in facts((t_19 := (t_20.repo if 'repo' in facts((t_20 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_20, 'repo'))).__class__, ()) else environment.getattr(t_19, 'at'), 'environments/')), '*/clusters/*/apps/', t_1(t_21.name if 'name' in facts((t_21 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_21, 'name')), '/release.yaml"\n'))
    else:
        pass
        yield concat(('    - list:\n        elements:\n',))
        for l_1_release in t_2(undefined(name='releases') if l_0_releases is missing else l_0_releases):
            _loop_vars = {}
            pass
            yield concat(('          - ', t_5(t_22.parameters if 'parameters' in facts((t_22 := l_1_release).__class__, ()) else environment.getattr(t_22, 'parameters'), indent=12), '\n'))
        l_1_release = missing
    yield concat(('  syncPolicy:\n    preserveResourcesOnDeletion: true\n',))
    if (t_23 if (t_24 := (t_23 := (t_25.rollout if 'rollout' in facts((t_25 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_25, 'rollout'))).__class__) in light or (t_24 is str and len(t_23) < 64) else environment.weighed(t_23)) == 'rolling':
        pass
        yield concat(('  strategy:\n    type: RollingSync\n    rollingSync:\n      steps:\n',))
        for l_1_step in t_2(t_26.steps if 'steps' in facts((t_26 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_26, 'steps')):
            _loop_vars = {}
            pass
            yield concat(('        - matchExpressions:\n            - key: stage\n              operator: In\n              values:\n                - ', t_5(t_3(t_27.stage if 'stage' in facts((t_27 := l_1_step).__class__, ()) else environment.getattr(t_27, 'stage'))), '\n            - key: automated\n              operator: In\n              values:\n                - ', t_5('true' if (t_28.automated if 'automated' in facts((t_28 := l_1_step).__class__, ()) else environment.getattr(t_28, 'automated')) else 'false'), '\n'))
            if not (t_29.automated if 'automated' in facts((t_29 := l_1_step).__class__, ()) else environment.getattr(t_29, 'automated')):
                pass
                yield concat(('          maxUpdate: 0\n',))
        l_1_step = missing
    yield concat(('  template:\n    metadata:\n      name: "{{ .application }}"\n      labels:\n        environment: "{{ .environment }}"\n        region: "{{ .region }}"\n        stage: "{{ .stage }}"\n',))
    if (t_30 if (t_31 := (t_30 := (t_32.rollout if 'rollout' in facts((t_32 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_32, 'rollout'))).__class__) in light or (t_31 is str and len(t_30) < 64) else environment.weighed(t_30)) == 'rolling':
        pass
        yield concat(('        automated: "{{ .automated }}"\n',))
    if (t_33.needs_server_side_apply if 'needs_server_side_apply' in facts((t_33 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_33, 'needs_server_side_apply')) and (t_34.has_stable_server_side_diff if 'has_stable_server_side_diff' in facts((t_34 := (t_35.argocd if 'argocd' in facts((t_35 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_35, 'argocd'))).__class__, ()) else environment.getattr(t_34, 'has_stable_server_side_diff')):
        pass
        yield concat(('      annotations:\n        argocd.argoproj.io/compare-options: ServerSideDiff=true\n',))
    yield concat(('    spec:\n      project: "{{ .project }}"\n      destination:\n        name: "{{ .cluster }}"\n        namespace: ', t_5(t_36.namespace if 'namespace' in facts((t_36 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_36, 'namespace')), '\n      sources:\n'))
    if 'repoURL' in (t_37 if (t_38 := (t_37 := (t_39.parameters if 'parameters' in facts((t_39 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_39, 'parameters'))).__class__) in light or (t_38 is str and len(t_37) < 64) else environment.weighed(t_37)):
        pass
        yield concat(('        - repoURL: "{{ .repoURL }}"\n',))
    else:
        pass
        yield concat(('        - repoURL: ', t_5(t_40.repo_url if 'repo_url' in facts((t_40 := (t_41.source if 'source' in facts((t_41 := environment.getitem(undefined(name='releases') if l_0_releases is missing else l_0_releases, 0)).__class__, ()) else environment.getattr(t_41, 'source'))).__class__, ()) else environment.getattr(t_40, 'repo_url')), '\n'))
    yield concat(('          targetRevision: "{{ .revision }}"\n',))
    if 'chart' in (t_42 if (t_43 := (t_42 := (t_44.parameters if 'parameters' in facts((t_44 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_44, 'parameters'))).__class__) in light or (t_43 is str and len(t_42) < 64) else environment.weighed(t_42)):
        pass
        yield concat(('          chart: "{{ .chart }}"\n',))
    elif t_45.uses_chart if 'uses_chart' in facts((t_45 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_45, 'uses_chart'):
        pass
        yield concat(('          chart: ', t_5(t_46.chart if 'chart' in facts((t_46 := (t_47.source if 'source' in facts((t_47 := environment.getitem(undefined(name='releases') if l_0_releases is missing else l_0_releases, 0)).__class__, ()) else environment.getattr(t_47, 'source'))).__class__, ()) else environment.getattr(t_46, 'chart')), '\n'))
    elif 'chartPath' in (t_48 if (t_49 := (t_48 := (t_50.parameters if 'parameters' in facts((t_50 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_50, 'parameters'))).__class__) in light or (t_49 is str and len(t_48) < 64) else environment.weighed(t_48)):
        pass
        yield concat(('          path: "{{ .chartPath }}"\n',))
    else:
        pass
        yield concat(('          path: ', t_5(t_51.path if 'path' in facts((t_51 := (t_52.source if 'source' in facts((t_52 := environment.getitem(undefined(name='releases') if l_0_releases is missing else l_0_releases, 0)).__class__, ()) else environment.getattr(t_52, 'source'))).__class__, ()) else environment.getattr(t_51, 'path')), '\n'))
    yield concat(('          helm:\n            releaseName: ', t_5(t_53.release_name if 'release_name' in facts((t_53 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_53, 'release_name')), '\n            valueFiles:\n              - "$values/', t_1(environment.call(context, t_54.at if 'at' in facts((t_54 := (t_55.repo if 'repo' in facts((t_55 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_55, 'repo'))).__class__, ()) else environment.getattr(t_54, 'at'), 'environments')), '/{{ .environment }}/apps/', t_1(t_56.name if 'name' in facts((t_56 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_56, 'name')), '/values.yaml"\n              - "$values/', t_1(environment.call(context, t_57.at if 'at' in facts((t_57 := (t_58.repo if 'repo' in facts((t_58 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_58, 'repo'))).__class__, ()) else environment.getattr(t_57, 'at'), 'environments')), '/{{ .environment }}/clusters/{{ .cluster }}/apps/', t_1(t_59.name if 'name' in facts((t_59 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_59, 'name')), '/values.yaml"\n'))
    for l_1_path in t_2(t_60.values_file_patterns if 'values_file_patterns' in facts((t_60 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_60, 'values_file_patterns')):
        _loop_vars = {}
        pass
        yield concat(('              - ', t_5(environment.concat_bounded(('$values/', l_1_path))), '\n'))
    l_1_path = missing
    yield concat(('        - repoURL: ', t_5(t_61.url if 'url' in facts((t_61 := (t_62.repo if 'repo' in facts((t_62 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_62, 'repo'))).__class__, ()) else environment.getattr(t_61, 'url')), '\n          targetRevision: ', t_5(t_63.revision if 'revision' in facts((t_63 := (t_64.repo if 'repo' in facts((t_64 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_64, 'repo'))).__class__, ()) else environment.getattr(t_63, 'revision')), '\n          ref: values\n'))
    if t_65.has_secrets if 'has_secrets' in facts((t_65 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_65, 'has_secrets'):
        pass
        yield concat(('        - repoURL: ', t_5(t_66.url if 'url' in facts((t_66 := (t_67.repo if 'repo' in facts((t_67 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_67, 'repo'))).__class__, ()) else environment.getattr(t_66, 'url')), '\n          targetRevision: ', t_5(t_68.revision if 'revision' in facts((t_68 := (t_69.repo if 'repo' in facts((t_69 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_69, 'repo'))).__class__, ()) else environment.getattr(t_68, 'revision')), '\n          path: "', t_1(environment.call(context, t_70.at if 'at' in facts((t_70 := (t_71.repo if 'repo' in facts((t_71 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_71, 'repo'))).__class__, ()) else environment.getattr(t_70, 'at'), 'environments')), '/{{ .environment }}/clusters/{{ .cluster }}/apps/', t_1(t_72.name if 'name' in facts((t_72 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_72, 'name')), '/manifests"\n'))
    yield concat(('      syncPolicy:\n        syncOptions:\n          - CreateNamespace=true\n          - SkipDryRunOnMissingResource=true\n',))
    for l_1_option in t_2(t_73.sync_options if 'sync_options' in facts((t_73 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_73, 'sync_options')):
        _loop_vars = {}
        pass
        yield concat(('          - ', t_1(l_1_option, True), '\n'))
    l_1_option = missing
    yield concat(('        retry:\n          limit: 10\n          backoff:\n            duration: 10s\n            factor: 2\n            maxDuration: 3m\n',))
    if (t_74 if (t_75 := (t_74 := (t_76.rollout if 'rollout' in facts((t_76 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_76, 'rollout'))).__class__) in light or (t_75 is str and len(t_74) < 64) else environment.weighed(t_74)) == 'none':
        pass
        yield concat(('  templatePatch: |\n    {{- if eq .automated "true" }}\n    spec:\n      syncPolicy:\n        automated:\n          prune: {{ .prune }}\n          selfHeal: {{ .selfHeal }}\n    {{- end }}\n',))


def argocd_release_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_release = resolve('release')
    t_1 = environment.filters['yaml']
    pass
    yield concat((t_1(t_2.parameters if 'parameters' in facts((t_2 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_2, 'parameters')), '\n'))


def argocd_project_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_environment = resolve('environment')
    l_0_fleet = resolve('fleet')
    l_0_releases = resolve('releases')
    t_1 = environment.filters['counted']
    t_2 = environment.filters['yaml']
    pass
    yield concat(('apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: ', t_2(t_3.project if 'project' in facts((t_3 := (undefined(name='environment') if l_0_environment is missing else l_0_environment)).__class__, ()) else environment.getattr(t_3, 'project')), '\n  namespace: ', t_2(t_4.namespace if 'namespace' in facts((t_4 := (t_5.argocd if 'argocd' in facts((t_5 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_5, 'argocd'))).__class__, ()) else environment.getattr(t_4, 'namespace')), '\nspec:\n  description: ', t_2(t_6.name if 'name' in facts((t_6 := (undefined(name='environment') if l_0_environment is missing else l_0_environment)).__class__, ()) else environment.getattr(t_6, 'name')), '\n'))
    if undefined(name='releases') if l_0_releases is missing else l_0_releases:
        pass
        yield concat(('  sourceRepos:\n',))
        for l_1_url in t_1(environment.call(context, t_7.repositories_with if 'repositories_with' in facts((t_7 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_7, 'repositories_with'), t_8.repo if 'repo' in facts((t_8 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_8, 'repo'))):
            _loop_vars = {}
            pass
            yield concat(('    - ', t_2(l_1_url), '\n'))
        l_1_url = missing
        if t_9.has_many_destinations if 'has_many_destinations' in facts((t_9 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_9, 'has_many_destinations'):
            pass
            yield concat(('  # The clusters of a region stand together, where their namespaces are the same: one by one, there would be too many for\n  # client-side apply. Each is named. There is no wildcard, so no other cluster is meant.\n',))
        yield concat(('  destinations:\n',))
        for l_1_destination in t_1((t_10.destination_groups if 'destination_groups' in facts((t_10 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_10, 'destination_groups')) if (t_11.has_many_destinations if 'has_many_destinations' in facts((t_11 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_11, 'has_many_destinations')) else t_12.destinations if 'destinations' in facts((t_12 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_12, 'destinations')):
            _loop_vars = {}
            pass
            yield concat(('    - name: ', t_2(t_13.cluster if 'cluster' in facts((t_13 := l_1_destination).__class__, ()) else environment.getattr(t_13, 'cluster')), '\n      namespace: ', t_2(t_14.namespace if 'namespace' in facts((t_14 := l_1_destination).__class__, ()) else environment.getattr(t_14, 'namespace')), '\n'))
        l_1_destination = missing
        yield concat(('  clusterResourceWhitelist:\n',))
        for l_1_resource in t_1(t_15.cluster_resources if 'cluster_resources' in facts((t_15 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_15, 'cluster_resources')):
            _loop_vars = {}
            pass
            yield concat(('    - group: ', t_2(t_16.group if 'group' in facts((t_16 := l_1_resource).__class__, ()) else environment.getattr(t_16, 'group')), '\n      kind: ', t_2(t_17.kind if 'kind' in facts((t_17 := l_1_resource).__class__, ()) else environment.getattr(t_17, 'kind')), '\n'))
        l_1_resource = missing
    else:
        pass
        yield concat(('  sourceRepos: []\n  destinations: []\n',))


def argocd_cluster_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_cluster = resolve('cluster')
    l_0_fleet = resolve('fleet')
    l_0_environment = resolve('environment')
    l_0_region = resolve('region')
    l_0_account = resolve('account')
    t_1 = environment.filters['yaml']
    pass
    yield concat(('# How Argo CD reaches the cluster. It signs in with its own AWS identity: there is no credential here.\napiVersion: v1\nkind: Secret\nmetadata:\n  name: ', t_1(t_2.name if 'name' in facts((t_2 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_2, 'name')), '\n  namespace: ', t_1(t_3.namespace if 'namespace' in facts((t_3 := (t_4.argocd if 'argocd' in facts((t_4 := (undefined(name='fleet') if l_0_fleet is missing else l_0_fleet)).__class__, ()) else environment.getattr(t_4, 'argocd'))).__class__, ()) else environment.getattr(t_3, 'namespace')), '\n  labels:\n    argocd.argoproj.io/secret-type: cluster\n    environment: ', t_1(t_5.name if 'name' in facts((t_5 := (undefined(name='environment') if l_0_environment is missing else l_0_environment)).__class__, ()) else environment.getattr(t_5, 'name')), '\n    region: ', t_1(t_6.name if 'name' in facts((t_6 := (undefined(name='region') if l_0_region is missing else l_0_region)).__class__, ()) else environment.getattr(t_6, 'name')), '\n    account: ', t_1(t_7.id if 'id' in facts((t_7 := (undefined(name='account') if l_0_account is missing else l_0_account)).__class__, ()) else environment.getattr(t_7, 'id')), '\ntype: Opaque\nstringData:\n  name: ', t_1(t_8.name if 'name' in facts((t_8 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_8, 'name')), '\n  server: ', t_1(t_9.server if 'server' in facts((t_9 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_9, 'server')), '\n  config: ', t_1(t_10.argocd_config if 'argocd_config' in facts((t_10 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_10, 'argocd_config')), '\n'))


def helm_values_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_values = resolve('values')
    t_1 = environment.filters['yaml']
    pass
    yield concat((t_1(undefined(name='values') if l_0_values is missing else l_0_values), '\n'))


def external_secrets_secrets_yaml_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_release = resolve('release')
    l_0_app = resolve('app')
    l_0_cluster = resolve('cluster')
    t_1 = environment.filters['bare']
    t_2 = environment.filters['counted']
    t_3 = environment.filters['yaml']
    pass
    if not (t_5.has_secrets if 'has_secrets' in facts((t_5 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_5, 'has_secrets')):
        pass
        yield concat(('# Secrets are not enabled here. The file keeps the folder that the ApplicationSet points to.\n',))
    else:
        pass
        yield concat(('apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ', t_3(t_6.service_account if 'service_account' in facts((t_6 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_6, 'service_account')), '\n  namespace: ', t_3(t_7.namespace if 'namespace' in facts((t_7 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_7, 'namespace')), '\n  annotations:\n    eks.amazonaws.com/role-arn: ', t_3(t_8.role_arn if 'role_arn' in facts((t_8 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_8, 'role_arn')), '\n    argocd.argoproj.io/sync-wave: "-2"\nautomountServiceAccountToken: false\n---\napiVersion: ', t_1(t_9.api_version if 'api_version' in facts((t_9 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_9, 'api_version'), True), '\nkind: SecretStore\nmetadata:\n  name: ', t_3(t_10.store if 'store' in facts((t_10 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_10, 'store')), '\n  namespace: ', t_3(t_11.namespace if 'namespace' in facts((t_11 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_11, 'namespace')), '\n  annotations:\n    argocd.argoproj.io/sync-wave: "-2"\nspec:\n  provider:\n    aws:\n      service: SecretsManager\n      region: ', t_3(t_12.secrets_region if 'secrets_region' in facts((t_12 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_12, 'secrets_region')), '\n      auth:\n        jwt:\n          serviceAccountRef:\n            name: ', t_3(t_13.service_account if 'service_account' in facts((t_13 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_13, 'service_account')), '\n'))
        for l_1_secret in t_2(t_14.external_secrets if 'external_secrets' in facts((t_14 := (t_15.secrets if 'secrets' in facts((t_15 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_15, 'secrets'))).__class__, ()) else environment.getattr(t_14, 'external_secrets')):
            _loop_vars = {}
            pass
            yield concat(('---\n',))
            if t_16.consumed_once if 'consumed_once' in facts((t_16 := l_1_secret).__class__, ()) else environment.getattr(t_16, 'consumed_once'):
                pass
                yield concat(('# The software reads this secret at its first start only: after a rotation, change it in the software too.\n',))
            yield concat(('apiVersion: ', t_1(t_17.api_version if 'api_version' in facts((t_17 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_17, 'api_version'), True), '\nkind: ExternalSecret\nmetadata:\n  name: ', t_3(t_18.name if 'name' in facts((t_18 := l_1_secret).__class__, ()) else environment.getattr(t_18, 'name')), '\n  namespace: ', t_3(t_19.namespace if 'namespace' in facts((t_19 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_19, 'namespace')), '\n  annotations:\n    argocd.argoproj.io/sync-wave: "-1"\nspec:\n'))
            if t_20.has_refresh_policy if 'has_refresh_policy' in facts((t_20 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_20, 'has_refresh_policy'):
                pass
                yield concat(('  refreshPolicy: ', t_1('CreatedOnce' if (t_21.is_read_once if 'is_read_once' in facts((t_21 := l_1_secret).__class__, ()) else environment.getattr(t_21, 'is_read_once')) else 'Periodic', True), '\n'))
            yield concat(('  refreshInterval: ', t_1(t_22.refresh_interval if 'refresh_interval' in facts((t_22 := l_1_secret).__class__, ()) else environment.getattr(t_22, 'refresh_interval'), True), '\n  secretStoreRef:\n    name: ', t_3(t_23.store if 'store' in facts((t_23 := (undefined(name='app') if l_0_app is missing else l_0_app)).__class__, ()) else environment.getattr(t_23, 'store')), '\n    kind: SecretStore\n  target:\n    name: ', t_3(t_24.name if 'name' in facts((t_24 := l_1_secret).__class__, ()) else environment.getattr(t_24, 'name')), '\n    creationPolicy: Owner\n    deletionPolicy: Retain\n'))
            if not (t_25.type if 'type' in facts((t_25 := l_1_secret).__class__, ()) else environment.getattr(t_25, 'type')) is None:
                pass
                yield concat(('    template:\n      engineVersion: v2\n      mergePolicy: Replace\n      type: ', t_3(t_26.type if 'type' in facts((t_26 := l_1_secret).__class__, ()) else environment.getattr(t_26, 'type')), '\n'))
            yield concat(('  data:\n',))
            for l_2_data in t_2(t_27.data if 'data' in facts((t_27 := l_1_secret).__class__, ()) else environment.getattr(t_27, 'data')):
                _loop_vars = {}
                pass
                yield concat(('    - secretKey: ', t_3(t_28.key if 'key' in facts((t_28 := l_2_data).__class__, ()) else environment.getattr(t_28, 'key')), '\n      remoteRef:\n        key: ', t_3(t_29.path if 'path' in facts((t_29 := l_2_data).__class__, ()) else environment.getattr(t_29, 'path')), '\n'))
                if not (t_30.property if 'property' in facts((t_30 := l_2_data).__class__, ()) else environment.getattr(t_30, 'property')) is None:
                    pass
                    yield concat(('        property: ', t_3(t_31.property if 'property' in facts((t_31 := l_2_data).__class__, ()) else environment.getattr(t_31, 'property')), '\n'))
                if not (t_32.version if 'version' in facts((t_32 := l_2_data).__class__, ()) else environment.getattr(t_32, 'version')) is None:
                    pass
                    yield concat(('        version: ', t_3(t_33.version if 'version' in facts((t_33 := l_2_data).__class__, ()) else environment.getattr(t_33, 'version')), '\n'))
                for l_3_field, l_3_value in t_2(environment.call(context, t_34.remote_ref if 'remote_ref' in facts((t_34 := (undefined(name='release') if l_0_release is missing else l_0_release)).__class__, ()) else environment.getattr(t_34, 'remote_ref'), l_2_data, _loop_vars=_loop_vars)):
                    _loop_vars = {}
                    pass
                    yield concat(('        ', t_1(l_3_field), ': ', t_1(l_3_value, True), '\n'))
                l_3_field = l_3_value = missing
            l_2_data = missing
        l_1_secret = missing


def terraform_cluster_tfvars_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_cluster = resolve('cluster')
    l_0_environment = resolve('environment')
    l_0_account = resolve('account')
    l_0_region = resolve('region')
    l_0_releases = resolve('releases')
    t_1 = environment.filters['counted']
    t_2 = environment.filters['hcl']
    pass
    yield concat(('cluster_name      = ', t_2(t_3.name if 'name' in facts((t_3 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_3, 'name')), '\nenv               = ', t_2(t_4.name if 'name' in facts((t_4 := (undefined(name='environment') if l_0_environment is missing else l_0_environment)).__class__, ()) else environment.getattr(t_4, 'name')), '\naccount_id        = ', t_2(t_5.id if 'id' in facts((t_5 := (undefined(name='account') if l_0_account is missing else l_0_account)).__class__, ()) else environment.getattr(t_5, 'id')), '\naws_region        = ', t_2(t_6.name if 'name' in facts((t_6 := (undefined(name='region') if l_0_region is missing else l_0_region)).__class__, ()) else environment.getattr(t_6, 'name')), '\noidc_provider     = ', t_2(t_7.oidc_provider if 'oidc_provider' in facts((t_7 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_7, 'oidc_provider')), '\noidc_provider_arn = ', t_2(t_8.oidc_provider_arn if 'oidc_provider_arn' in facts((t_8 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_8, 'oidc_provider_arn')), '\n\n'))
    if t_9.with_secrets if 'with_secrets' in facts((t_9 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_9, 'with_secrets'):
        pass
        yield concat(('eso_roles = {\n',))
        for l_1_release in t_1(t_10.with_secrets if 'with_secrets' in facts((t_10 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_10, 'with_secrets')):
            _loop_vars = {}
            pass
            yield concat(('  ', t_2(t_11.name if 'name' in facts((t_11 := (t_12.app if 'app' in facts((t_12 := l_1_release).__class__, ()) else environment.getattr(t_12, 'app'))).__class__, ()) else environment.getattr(t_11, 'name')), ' = {\n    role_name       = ', t_2(t_13.role_name if 'role_name' in facts((t_13 := l_1_release).__class__, ()) else environment.getattr(t_13, 'role_name')), '\n    namespace       = ', t_2(t_14.namespace if 'namespace' in facts((t_14 := (t_15.app if 'app' in facts((t_15 := l_1_release).__class__, ()) else environment.getattr(t_15, 'app'))).__class__, ()) else environment.getattr(t_14, 'namespace')), '\n    service_account = ', t_2(t_16.service_account if 'service_account' in facts((t_16 := (t_17.app if 'app' in facts((t_17 := l_1_release).__class__, ()) else environment.getattr(t_17, 'app'))).__class__, ()) else environment.getattr(t_16, 'service_account')), '\n    secret_arns = [\n'))
            for l_2_arn in t_1(t_18.secret_arns if 'secret_arns' in facts((t_18 := l_1_release).__class__, ()) else environment.getattr(t_18, 'secret_arns')):
                _loop_vars = {}
                pass
                yield concat(('      ', t_2(l_2_arn), ',\n'))
            l_2_arn = missing
            yield concat(('    ]\n',))
            if t_19.kms_key_arns if 'kms_key_arns' in facts((t_19 := (t_20.secrets if 'secrets' in facts((t_20 := l_1_release).__class__, ()) else environment.getattr(t_20, 'secrets'))).__class__, ()) else environment.getattr(t_19, 'kms_key_arns'):
                pass
                yield concat(('    kms_key_arns = [\n',))
                for l_2_arn in t_1(t_21.kms_key_arns if 'kms_key_arns' in facts((t_21 := (t_22.secrets if 'secrets' in facts((t_22 := l_1_release).__class__, ()) else environment.getattr(t_22, 'secrets'))).__class__, ()) else environment.getattr(t_21, 'kms_key_arns')):
                    _loop_vars = {}
                    pass
                    yield concat(('      ', t_2(l_2_arn), ',\n'))
                l_2_arn = missing
                yield concat(('    ]\n',))
            else:
                pass
                yield concat(('    kms_key_arns = []\n',))
            yield concat(('  }\n',))
        l_1_release = missing
        yield concat(('}\n',))
    else:
        pass
        yield concat(('eso_roles = {}\n',))


def runbook_cluster_md_j2(context, missing, environment):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    if 0:
        yield None
    facts, light = (environment.facts.get, environment.light)
    l_0_cluster = resolve('cluster')
    l_0_environment = resolve('environment')
    l_0_region = resolve('region')
    l_0_account = resolve('account')
    l_0_releases = resolve('releases')
    t_1 = environment.filters['bare']
    t_2 = environment.filters['counted']
    t_3 = environment.filters['markdown']
    pass
    yield concat(('\n# Runbook of ', t_1(t_5.name if 'name' in facts((t_5 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_5, 'name')), '\n\nEnvironment `', t_1(t_6.name if 'name' in facts((t_6 := (undefined(name='environment') if l_0_environment is missing else l_0_environment)).__class__, ()) else environment.getattr(t_6, 'name')), '`, region `', t_1(t_7.name if 'name' in facts((t_7 := (undefined(name='region') if l_0_region is missing else l_0_region)).__class__, ()) else environment.getattr(t_7, 'name')), '`, account `', t_1(t_8.id if 'id' in facts((t_8 := (undefined(name='account') if l_0_account is missing else l_0_account)).__class__, ()) else environment.getattr(t_8, 'id')), '`', t_3(', protected' if (t_9.protected if 'protected' in facts((t_9 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_9, 'protected')) else ''), '.\nThe commands below want that account and the context of the cluster. The first one must print `', t_1(t_10.id if 'id' in facts((t_10 := (undefined(name='account') if l_0_account is missing else l_0_account)).__class__, ()) else environment.getattr(t_10, 'id')), '`:\n\n```sh\naws sts get-caller-identity --query Account --output text\naws eks update-kubeconfig --region ', t_1(t_11.name if 'name' in facts((t_11 := (undefined(name='region') if l_0_region is missing else l_0_region)).__class__, ()) else environment.getattr(t_11, 'name')), ' --name ', t_1(t_12.name if 'name' in facts((t_12 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_12, 'name')), ' --alias ', t_1(t_13.name if 'name' in facts((t_13 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_13, 'name')), '\n```\n'))
    if not (t_14.with_secrets if 'with_secrets' in facts((t_14 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_14, 'with_secrets')):
        pass
        yield concat(('\nNo app reads a secret here: there is nothing to create, to check or to rotate.\n',))
    else:
        pass
        yield concat(('\n## Create the secrets\n\nThey stand in Secrets Manager in `', t_1(t_15.secrets_region if 'secrets_region' in facts((t_15 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_15, 'secrets_region')), '`, and every cluster of the environment that reads one there shares it.\nSo look first: what `describe-secret` finds is there already. Write a value into the file `value.json`, outside of git,\nand delete the file afterwards.\n'))
        for l_1_source in t_2(t_16.secret_sources if 'secret_sources' in facts((t_16 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_16, 'secret_sources')):
            _loop_vars = {}
            pass
            yield concat(('\n### `', t_1(t_17.path if 'path' in facts((t_17 := l_1_source).__class__, ()) else environment.getattr(t_17, 'path')), '`\n\nFor'))
            for l_2_app in t_2(t_18.apps if 'apps' in facts((t_18 := l_1_source).__class__, ()) else environment.getattr(t_18, 'apps')):
                _loop_vars = {}
                pass
                yield concat((' `', t_1(l_2_app), '`'))
            l_2_app = missing
            yield concat(('.',))
            if t_19.properties if 'properties' in facts((t_19 := l_1_source).__class__, ()) else environment.getattr(t_19, 'properties'):
                pass
                yield concat((' The value is one JSON object with the properties:\n\n',))
            else:
                pass
                yield concat((' The value is taken whole, as it is.\n',))
            for l_2_property in t_2(t_20.properties if 'properties' in facts((t_20 := l_1_source).__class__, ()) else environment.getattr(t_20, 'properties')):
                _loop_vars = {}
                pass
                yield concat(('- ', t_3(l_2_property), '\n'))
            l_2_property = missing
            yield concat(('\n```sh\naws secretsmanager describe-secret --region ', t_1(t_21.region if 'region' in facts((t_21 := l_1_source).__class__, ()) else environment.getattr(t_21, 'region')), ' --secret-id ', t_1(t_22.path if 'path' in facts((t_22 := l_1_source).__class__, ()) else environment.getattr(t_22, 'path')), '\n'))
            if (t_23.kms_key_arn if 'kms_key_arn' in facts((t_23 := l_1_source).__class__, ()) else environment.getattr(t_23, 'kms_key_arn')) is None:
                pass
                yield concat(('aws secretsmanager create-secret --region ', t_1(t_24.region if 'region' in facts((t_24 := l_1_source).__class__, ()) else environment.getattr(t_24, 'region')), ' --name ', t_1(t_25.path if 'path' in facts((t_25 := l_1_source).__class__, ()) else environment.getattr(t_25, 'path')), ' --secret-string file://value.json\n'))
            else:
                pass
                yield concat(('aws secretsmanager create-secret --region ', t_1(t_26.region if 'region' in facts((t_26 := l_1_source).__class__, ()) else environment.getattr(t_26, 'region')), ' --name ', t_1(t_27.path if 'path' in facts((t_27 := l_1_source).__class__, ()) else environment.getattr(t_27, 'path')), ' --kms-key-id ', t_1(t_28.kms_key_arn if 'kms_key_arn' in facts((t_28 := l_1_source).__class__, ()) else environment.getattr(t_28, 'kms_key_arn')), ' --secret-string file://value.json\n'))
            yield concat(('```\n',))
        l_1_source = missing
        yield concat(('\n## Check that they arrive\n\nThe roles come first: Terraform makes them from the tfvars of this cluster. Then each ExternalSecret becomes `Ready`\nwithin a minute or two, and the Secret has the keys that are listed here.\n',))
        for l_1_release in t_2(t_29.with_secrets if 'with_secrets' in facts((t_29 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_29, 'with_secrets')):
            _loop_vars = {}
            pass
            for l_2_secret in t_2(t_30.external_secrets if 'external_secrets' in facts((t_30 := (t_31.secrets if 'secrets' in facts((t_31 := l_1_release).__class__, ()) else environment.getattr(t_31, 'secrets'))).__class__, ()) else environment.getattr(t_30, 'external_secrets')):
                _loop_vars = {}
                pass
                yield concat(('\n### `', t_1(t_32.name if 'name' in facts((t_32 := l_2_secret).__class__, ()) else environment.getattr(t_32, 'name')), '` in namespace `', t_1(t_33.namespace if 'namespace' in facts((t_33 := (t_34.app if 'app' in facts((t_34 := l_1_release).__class__, ()) else environment.getattr(t_34, 'app'))).__class__, ()) else environment.getattr(t_33, 'namespace')), '`\n\nKeys:'))
                for l_3_data in t_2(t_35.data if 'data' in facts((t_35 := l_2_secret).__class__, ()) else environment.getattr(t_35, 'data')):
                    _loop_vars = {}
                    pass
                    yield concat((' `', t_1(t_36.key if 'key' in facts((t_36 := l_3_data).__class__, ()) else environment.getattr(t_36, 'key')), '`'))
                l_3_data = missing
                yield concat(('.\n\n```sh\nkubectl --context ', t_1(t_37.name if 'name' in facts((t_37 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_37, 'name')), ' -n ', t_1(t_38.namespace if 'namespace' in facts((t_38 := (t_39.app if 'app' in facts((t_39 := l_1_release).__class__, ()) else environment.getattr(t_39, 'app'))).__class__, ()) else environment.getattr(t_38, 'namespace')), ' wait externalsecret/', t_1(t_40.name if 'name' in facts((t_40 := l_2_secret).__class__, ()) else environment.getattr(t_40, 'name')), ' --for=condition=Ready --timeout=2m\nkubectl --context ', t_1(t_41.name if 'name' in facts((t_41 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_41, 'name')), ' -n ', t_1(t_42.namespace if 'namespace' in facts((t_42 := (t_43.app if 'app' in facts((t_43 := l_1_release).__class__, ()) else environment.getattr(t_43, 'app'))).__class__, ()) else environment.getattr(t_42, 'namespace')), ' describe secret ', t_1(t_44.name if 'name' in facts((t_44 := l_2_secret).__class__, ()) else environment.getattr(t_44, 'name')), '\n```\n'))
            l_2_secret = missing
            yield concat(('\nIf one of `', t_1(t_45.name if 'name' in facts((t_45 := (t_46.app if 'app' in facts((t_46 := l_1_release).__class__, ()) else environment.getattr(t_46, 'app'))).__class__, ()) else environment.getattr(t_45, 'name')), '` is not ready, look at what its store and it say. `AccessDenied` on `AssumeRoleWithWebIdentity` means\nthat the role is not there, or that it does not trust `', t_1(t_47.trust_subject if 'trust_subject' in facts((t_47 := l_1_release).__class__, ()) else environment.getattr(t_47, 'trust_subject')), '`:\n\n```sh\nkubectl --context ', t_1(t_48.name if 'name' in facts((t_48 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_48, 'name')), ' -n ', t_1(t_49.namespace if 'namespace' in facts((t_49 := (t_50.app if 'app' in facts((t_50 := l_1_release).__class__, ()) else environment.getattr(t_50, 'app'))).__class__, ()) else environment.getattr(t_49, 'namespace')), ' describe secretstore ', t_1(t_51.store if 'store' in facts((t_51 := (t_52.app if 'app' in facts((t_52 := l_1_release).__class__, ()) else environment.getattr(t_52, 'app'))).__class__, ()) else environment.getattr(t_51, 'store')), '\nkubectl --context ', t_1(t_53.name if 'name' in facts((t_53 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_53, 'name')), ' -n ', t_1(t_54.namespace if 'namespace' in facts((t_54 := (t_55.app if 'app' in facts((t_55 := l_1_release).__class__, ()) else environment.getattr(t_55, 'app'))).__class__, ()) else environment.getattr(t_54, 'namespace')), ' describe externalsecret\naws iam get-role --role-name ', t_1(t_56.role_name if 'role_name' in facts((t_56 := l_1_release).__class__, ()) else environment.getattr(t_56, 'role_name')), ' --query Role.AssumeRolePolicyDocument\n```\n'))
        l_1_release = missing
        yield concat(('\n## Rotate\n\nSecrets Manager only stores a credential. Make the new one valid first, in the database or the service that it is for;\nif that allows two, keep the old one valid until the last cluster has restarted. The file `value.json` replaces the whole\nvalue, every property of it.\n',))
        for l_1_source in t_2(t_57.secret_sources if 'secret_sources' in facts((t_57 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_57, 'secret_sources')):
            _loop_vars = {}
            pass
            yield concat(('\n### Rotate `', t_1(t_58.path if 'path' in facts((t_58 := l_1_source).__class__, ()) else environment.getattr(t_58, 'path')), '`\n\n```sh\naws secretsmanager put-secret-value --region ', t_1(t_59.region if 'region' in facts((t_59 := l_1_source).__class__, ()) else environment.getattr(t_59, 'region')), ' --secret-id ', t_1(t_60.path if 'path' in facts((t_60 := l_1_source).__class__, ()) else environment.getattr(t_60, 'path')), ' --secret-string file://value.json\n```\n'))
            for l_2_target in t_2(t_61.targets if 'targets' in facts((t_61 := l_1_source).__class__, ()) else environment.getattr(t_61, 'targets')):
                _loop_vars = {}
                pass
                if t_62.is_read_once if 'is_read_once' in facts((t_62 := (t_63.secret if 'secret' in facts((t_63 := l_2_target).__class__, ()) else environment.getattr(t_63, 'secret'))).__class__, ()) else environment.getattr(t_62, 'is_read_once'):
                    pass
                    yield concat(('\n`', t_1(t_64.name if 'name' in facts((t_64 := (t_65.secret if 'secret' in facts((t_65 := l_2_target).__class__, ()) else environment.getattr(t_65, 'secret'))).__class__, ()) else environment.getattr(t_64, 'name')), '` is read once and never again. Delete it, and External Secrets makes it anew, with the new value:\n\n```sh\nkubectl --context ', t_1(t_66.name if 'name' in facts((t_66 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_66, 'name')), ' -n ', t_1(t_67.namespace if 'namespace' in facts((t_67 := (t_68.app if 'app' in facts((t_68 := l_2_target).__class__, ()) else environment.getattr(t_68, 'app'))).__class__, ()) else environment.getattr(t_67, 'namespace')), ' delete secret ', t_1(t_69.name if 'name' in facts((t_69 := (t_70.secret if 'secret' in facts((t_70 := l_2_target).__class__, ()) else environment.getattr(t_70, 'secret'))).__class__, ()) else environment.getattr(t_69, 'name')), '\n```\n'))
                else:
                    pass
                    yield concat(('\n`', t_1(t_71.name if 'name' in facts((t_71 := (t_72.secret if 'secret' in facts((t_72 := l_2_target).__class__, ()) else environment.getattr(t_72, 'secret'))).__class__, ()) else environment.getattr(t_71, 'name')), '` follows within `', t_1(t_73.refresh_interval if 'refresh_interval' in facts((t_73 := (t_74.secret if 'secret' in facts((t_74 := l_2_target).__class__, ()) else environment.getattr(t_74, 'secret'))).__class__, ()) else environment.getattr(t_73, 'refresh_interval')), '`, or at once when asked. The last command prints the time of the last refresh:\n\n```sh\nkubectl --context ', t_1(t_75.name if 'name' in facts((t_75 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_75, 'name')), ' -n ', t_1(t_76.namespace if 'namespace' in facts((t_76 := (t_77.app if 'app' in facts((t_77 := l_2_target).__class__, ()) else environment.getattr(t_77, 'app'))).__class__, ()) else environment.getattr(t_76, 'namespace')), ' annotate externalsecret ', t_1(t_78.name if 'name' in facts((t_78 := (t_79.secret if 'secret' in facts((t_79 := l_2_target).__class__, ()) else environment.getattr(t_79, 'secret'))).__class__, ()) else environment.getattr(t_78, 'name')), ' force-sync="$(date +%s)" --overwrite\nkubectl --context ', t_1(t_80.name if 'name' in facts((t_80 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_80, 'name')), ' -n ', t_1(t_81.namespace if 'namespace' in facts((t_81 := (t_82.app if 'app' in facts((t_82 := l_2_target).__class__, ()) else environment.getattr(t_82, 'app'))).__class__, ()) else environment.getattr(t_81, 'namespace')), ' get externalsecret ', t_1(t_83.name if 'name' in facts((t_83 := (t_84.secret if 'secret' in facts((t_84 := l_2_target).__class__, ()) else environment.getattr(t_84, 'secret'))).__class__, ()) else environment.getattr(t_83, 'name')), ' -o jsonpath=\'{.status.refreshTime}{"\\n"}\'\n```\n'))
            l_2_target = missing
            if t_85.consumed_once if 'consumed_once' in facts((t_85 := l_1_source).__class__, ()) else environment.getattr(t_85, 'consumed_once'):
                pass
                yield concat(('\n**A restart is not enough for `', t_1(t_86.path if 'path' in facts((t_86 := l_1_source).__class__, ()) else environment.getattr(t_86, 'path')), '`.** The software reads it at its first start only, and keeps what it read\nin its own database. Change the credential in the software too, with its own command, or give it a new, empty volume.\nUntil then the Secret holds a value that does not work.\n'))
        l_1_source = missing
        yield concat(('\n## What must restart\n\nA process keeps the environment variables that it was started with. After the Secret has changed, restart what uses it;\nwhere Reloader runs and the chart asks for it, that happens by itself.\n',))

        def t_87(fiter):
            for l_1_release in fiter:
                if t_88.follow_a_rotation if 'follow_a_rotation' in facts((t_88 := (t_89.secrets if 'secrets' in facts((t_89 := l_1_release).__class__, ()) else environment.getattr(t_89, 'secrets'))).__class__, ()) else environment.getattr(t_88, 'follow_a_rotation'):
                    yield l_1_release
        for l_1_release in t_87(t_2(t_90.with_secrets if 'with_secrets' in facts((t_90 := (undefined(name='releases') if l_0_releases is missing else l_0_releases)).__class__, ()) else environment.getattr(t_90, 'with_secrets'))):
            l_1_fleet = resolve('fleet')
            _loop_vars = {}
            pass
            yield concat(('\n```sh\nkubectl --context ', t_1(t_91.name if 'name' in facts((t_91 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_91, 'name')), ' -n ', t_1(t_92.namespace if 'namespace' in facts((t_92 := (t_93.app if 'app' in facts((t_93 := l_1_release).__class__, ()) else environment.getattr(t_93, 'app'))).__class__, ()) else environment.getattr(t_92, 'namespace')), ' rollout restart deployment,statefulset,daemonset -l app.kubernetes.io/instance=', t_1(environment.call(context, t_94.instance_of if 'instance_of' in facts((t_94 := (t_95.argocd if 'argocd' in facts((t_95 := (undefined(name='fleet') if l_1_fleet is missing else l_1_fleet)).__class__, ()) else environment.getattr(t_95, 'argocd'))).__class__, ()) else environment.getattr(t_94, 'instance_of'), l_1_release, _loop_vars=_loop_vars)), '\nkubectl --context ', t_1(t_96.name if 'name' in facts((t_96 := (undefined(name='cluster') if l_0_cluster is missing else l_0_cluster)).__class__, ()) else environment.getattr(t_96, 'name')), ' -n ', t_1(t_97.namespace if 'namespace' in facts((t_97 := (t_98.app if 'app' in facts((t_98 := l_1_release).__class__, ()) else environment.getattr(t_98, 'app'))).__class__, ()) else environment.getattr(t_97, 'namespace')), ' rollout status deployment -l app.kubernetes.io/instance=', t_1(environment.call(context, t_99.instance_of if 'instance_of' in facts((t_99 := (t_100.argocd if 'argocd' in facts((t_100 := (undefined(name='fleet') if l_1_fleet is missing else l_1_fleet)).__class__, ()) else environment.getattr(t_100, 'argocd'))).__class__, ()) else environment.getattr(t_99, 'instance_of'), l_1_release, _loop_vars=_loop_vars)), '\n```\n'))
        l_1_release = l_1_fleet = missing
        yield concat(('\n## Software that reads its credential only once\n\nSome software takes a credential from its environment only when it sets up its database, and ignores it ever after.\nGrafana does so with `GF_SECURITY_ADMIN_PASSWORD`: a new value in the Secret, and a restart, change nothing, and the old\npassword stays valid. Such a credential is changed in the software itself, for Grafana in its pod, with the new password\non standard input:\n\n```sh\ngrafana cli admin reset-admin-password --password-from-stdin\n```\n\nSay `consumed_once: true` for such a secret in the file of its app under `environments/apps/`, so that this page warns,\nand no restart is asked for that would not help.\n',))


TEMPLATES: Mapping[str, Ready] = {
    'argocd/applicationset.yaml.j2': Ready(Reads(texts=b"\x08F\x19\x99VF\xe0\xc4\x83]81?'\xfb\xc6", names=('app', 'fleet', 'option', 'path', 'release', 'releases', 'step'), of_fleet=('argocd', 'repo'), attributes=('0', 'argocd', 'at', 'automated', 'chart', 'generator', 'has_secrets', 'has_stable_server_side_diff', 'name', 'namespace', 'needs_server_side_apply', 'parameters', 'path', 'release_name', 'repo', 'repo_url', 'revision', 'rollout', 'source', 'stage', 'steps', 'sync_options', 'url', 'uses_chart', 'values_file_patterns')), ('yaml',), argocd_applicationset_yaml_j2),
    'argocd/release.yaml.j2': Ready(Reads(texts=b'\x99S7H\x0f\xb3a\xd3\r"\x99\x11\xc4[O4', names=('release',), of_fleet=(), attributes=('parameters',)), ('yaml',), argocd_release_yaml_j2),
    'argocd/project.yaml.j2': Ready(Reads(texts=b'\x16Io\xbd\xb2\xcd\x1d\xdd`\xae\x92\x82\xce\xaam\xd1', names=('destination', 'environment', 'fleet', 'releases', 'resource', 'url'), of_fleet=('argocd', 'repo'), attributes=('argocd', 'cluster', 'cluster_resources', 'destination_groups', 'destinations', 'group', 'has_many_destinations', 'kind', 'name', 'namespace', 'project', 'repo', 'repositories_with')), ('yaml',), argocd_project_yaml_j2),
    'argocd/cluster.yaml.j2': Ready(Reads(texts=b'\x8e\x8a\t\xd5Y\r\x92^\x18\xa7#\xdc\x9d1>\x80', names=('account', 'cluster', 'environment', 'fleet', 'region'), of_fleet=('argocd',), attributes=('argocd', 'argocd_config', 'id', 'name', 'namespace', 'server')), ('yaml',), argocd_cluster_yaml_j2),
    'helm/values.yaml.j2': Ready(Reads(texts=b'h\xca\xbc\x8a\x7fg\xb3n\xc7T:\x99\x1b\xb9f\x0c', names=('values',), of_fleet=(), attributes=()), ('yaml',), helm_values_yaml_j2),
    'external-secrets/secrets.yaml.j2': Ready(Reads(texts=b'\x0c\x1d\x19E\x9a\x96\x7fq\x91fkS\xa1\x1e\x7fd', names=('app', 'cluster', 'data', 'field', 'release', 'secret', 'value'), of_fleet=(), attributes=('api_version', 'consumed_once', 'data', 'external_secrets', 'has_refresh_policy', 'has_secrets', 'is_read_once', 'key', 'name', 'namespace', 'path', 'property', 'refresh_interval', 'remote_ref', 'role_arn', 'secrets', 'secrets_region', 'service_account', 'store', 'type', 'version')), ('yaml',), external_secrets_secrets_yaml_j2),
    'terraform/cluster.tfvars.j2': Ready(Reads(texts=b'Yc\x9f8D4\xea\xb6\xe3Zw\xe5\xd0\x9bc\xc8', names=('account', 'arn', 'cluster', 'environment', 'region', 'release', 'releases'), of_fleet=(), attributes=('app', 'id', 'kms_key_arns', 'name', 'namespace', 'oidc_provider', 'oidc_provider_arn', 'role_name', 'secret_arns', 'secrets', 'service_account', 'with_secrets')), ('hcl',), terraform_cluster_tfvars_j2),
    'runbook/cluster.md.j2': Ready(Reads(texts=b'\xfe\xd7@m\xe2\xc5\xfc\xc2\xbbb\xdd \xad+\x94b', names=('account', 'app', 'cluster', 'data', 'environment', 'fleet', 'property', 'region', 'release', 'releases', 'secret', 'source', 'target'), of_fleet=('argocd',), attributes=('app', 'apps', 'argocd', 'consumed_once', 'data', 'external_secrets', 'follow_a_rotation', 'id', 'instance_of', 'is_read_once', 'key', 'kms_key_arn', 'name', 'namespace', 'path', 'properties', 'protected', 'refresh_interval', 'region', 'role_name', 'secret', 'secret_sources', 'secrets', 'secrets_region', 'store', 'targets', 'trust_subject', 'with_secrets')), ('markdown',), runbook_cluster_md_j2),
}

PATHS: Mapping[str, Path] = {
    'argocd/applicationsets/<%= app.name %>.yaml': ('argocd/applicationsets/', ('app', 'name'), '.yaml'),
    'environments/<%= environment.name %>/clusters/<%= cluster.name %>/apps/<%= app.name %>/release.yaml': ('environments/', ('environment', 'name'), '/clusters/', ('cluster', 'name'), '/apps/', ('app', 'name'), '/release.yaml'),
    'argocd/projects/<%= environment.name %>.yaml': ('argocd/projects/', ('environment', 'name'), '.yaml'),
    'argocd/clusters/<%= environment.name %>/<%= cluster.name %>.yaml': ('argocd/clusters/', ('environment', 'name'), '/', ('cluster', 'name'), '.yaml'),
    'environments/<%= environment.name %>/apps/<%= app.name %>/values.yaml': ('environments/', ('environment', 'name'), '/apps/', ('app', 'name'), '/values.yaml'),
    'environments/<%= environment.name %>/clusters/<%= cluster.name %>/apps/<%= app.name %>/values.yaml': ('environments/', ('environment', 'name'), '/clusters/', ('cluster', 'name'), '/apps/', ('app', 'name'), '/values.yaml'),
    'environments/<%= environment.name %>/clusters/<%= cluster.name %>/apps/<%= app.name %>/manifests/secrets.yaml': ('environments/', ('environment', 'name'), '/clusters/', ('cluster', 'name'), '/apps/', ('app', 'name'), '/manifests/secrets.yaml'),
    'environments/<%= environment.name %>/clusters/<%= cluster.name %>/<%= cluster.name %>.tfvars': ('environments/', ('environment', 'name'), '/clusters/', ('cluster', 'name'), '/', ('cluster', 'name'), '.tfvars'),
    'environments/<%= environment.name %>/clusters/<%= cluster.name %>/runbook.md': ('environments/', ('environment', 'name'), '/clusters/', ('cluster', 'name'), '/runbook.md'),
}

CONDITIONS: Mapping[str, Condition] = {
    'releases': Condition(names=('releases',), expected=(), is_denied=False),
    'app.generator == "git"': Condition(names=('app', 'generator'), expected=('git',), is_denied=False),
    'cluster.is_declared': Condition(names=('cluster', 'is_declared'), expected=(), is_denied=False),
    'app.has_secrets': Condition(names=('app', 'has_secrets'), expected=(), is_denied=False),
}