"""The shapes of the entries: a file that fits needs no pydantic. Made from `entries` by `make ready`."""

from __future__ import annotations

from gitops_gen import durations, external_secrets, grammar, kubernetes
from gitops_gen.aws import arns, endpoints, names
from gitops_gen.block_shapes import (
    anything, block, either, flag, listed, mapped, maybe, one_of, text, text_of, whole_number
)

GITOPS_REPO_ENTRY = block(
    {
        'url': text(grammar.check_git_url),
    },
    {
        'revision': (text(grammar.check_revision), 'main'),
        'path': (text(grammar.check_relative_path), 'output'),
    },
)

ARGO_CD_ENTRY = block(
    {
        'version': text(grammar.check_argo_cd_version),
    },
    {
        'namespace': (text(kubernetes.check_dns_label), 'argocd'),
        'generator': (one_of('auto', 'list', 'git'), 'auto'),
    },
)

SYNC_ENTRY = block(
    {
    },
    {
        'automated': (maybe(flag), None),
        'prune': (maybe(flag), None),
        'self_heal': (maybe(flag), None),
    },
)

EXTERNAL_SECRETS_ENTRY = block(
    {
    },
    {
        'version': (maybe(text(external_secrets.check_version)), None),
    },
)

PLACE_SECRETS_ENTRY = block(
    {
    },
    {
        'enabled': (maybe(flag), None),
        'region': (maybe(text_of()), None),
        'refresh_interval': (maybe(text(durations.check_duration)), None),
        'kms_key_arn': (maybe(text(arns.check_kms_key_arn)), None),
    },
)

FLEET_ENTRY = block(
    {
        'name': text(kubernetes.check_dns_label),
        'gitops_repo': GITOPS_REPO_ENTRY,
        'argocd': ARGO_CD_ENTRY,
    },
    {
        'account_id': (maybe(text(names.check_account_id)), None),
        'protected': (maybe(flag), None),
        'sync': (maybe(SYNC_ENTRY), None),
        'external_secrets': (maybe(EXTERNAL_SECRETS_ENTRY), None),
        'argocd_role_arn': (maybe(text(arns.check_role_arn)), None),
        'secrets': (maybe(PLACE_SECRETS_ENTRY), None),
        'rollout': (one_of('none', 'rolling'), 'none'),
        'owners': (maybe(listed(text(grammar.check_owner))), None),
        'region_codes': (mapped(text(kubernetes.check_dns_label)), {}),
    },
)

ENVIRONMENT_SECRETS_ENTRY = block(
    {
    },
    {
        'enabled': (maybe(flag), None),
        'region': (maybe(text_of()), None),
        'refresh_interval': (maybe(text(durations.check_duration)), None),
        'kms_key_arn': (maybe(text(arns.check_kms_key_arn)), None),
        'prefix': (maybe(text(names.check_secret_prefix)), None),
    },
)

CLUSTER_ENTRY = block(
    {
        'region': text_of(),
        'oidc_id': text(names.check_oidc_id),
    },
    {
        'account_id': (maybe(text(names.check_account_id)), None),
        'protected': (maybe(flag), None),
        'sync': (maybe(SYNC_ENTRY), None),
        'external_secrets': (maybe(EXTERNAL_SECRETS_ENTRY), None),
        'argocd_role_arn': (maybe(text(arns.check_role_arn)), None),
        'name': (maybe(text(names.check_cluster_name)), None),
        'secrets': (maybe(PLACE_SECRETS_ENTRY), None),
        'server': (maybe(text(endpoints.check_server_url)), None),
        'ca_data': (maybe(text(endpoints.check_ca_data)), None),
    },
)

ENVIRONMENT_ENTRY = block(
    {
    },
    {
        'account_id': (maybe(text(names.check_account_id)), None),
        'protected': (maybe(flag), None),
        'sync': (maybe(SYNC_ENTRY), None),
        'external_secrets': (maybe(EXTERNAL_SECRETS_ENTRY), None),
        'argocd_role_arn': (maybe(text(arns.check_role_arn)), None),
        'stage': (whole_number(0, 1000), 1),
        'project': (maybe(text(kubernetes.check_dns_label)), None),
        'owners': (maybe(listed(text(grammar.check_owner))), None),
        'shares_account': (flag, False),
        'secrets': (maybe(ENVIRONMENT_SECRETS_ENTRY), None),
        'clusters': (maybe(listed(CLUSTER_ENTRY)), None),
    },
)

SOURCE_ENTRY = block(
    {
    },
    {
        'repo_url': (maybe(text(grammar.check_repository_url)), None),
        'path': (maybe(text(grammar.check_relative_path)), None),
        'chart': (maybe(text(kubernetes.check_release_name)), None),
        'revision': (maybe(text(grammar.check_revision)), None),
    },
)

SECRET_KEY_ENTRY = block(
    {
    },
    {
        'property': (maybe(text_of(least=1)), None),
        'version': (maybe(text_of(least=1)), None),
        'decoding': (one_of('None', 'Base64', 'Base64URL', 'Auto'), 'None'),
    },
)

SECRET_ENTRY = block(
    {
    },
    {
        'target': (maybe(text(kubernetes.check_dns_subdomain)), None),
        'keys': (maybe(mapped(maybe(text_of(), SECRET_KEY_ENTRY))), None),
        'type': (maybe(text(kubernetes.check_secret_type)), None),
        'path': (maybe(text(names.check_secret_path)), None),
        'refresh_interval': (maybe(text(durations.check_duration)), None),
        'kms_key_arn': (maybe(text(arns.check_kms_key_arn)), None),
        'consumed_once': (maybe(flag), None),
    },
)

CLUSTER_RESOURCE_ENTRY = block(
    {
        'kind': text(kubernetes.check_kind),
    },
    {
        'group': (text(kubernetes.check_api_group), ''),
    },
)

APP_LEVEL_ENTRY = block(
    {
    },
    {
        'deploy': (maybe(flag), None),
        'source': (maybe(SOURCE_ENTRY), None),
        'values': (maybe(mapped(anything)), None),
        'secrets': (maybe(mapped(maybe(SECRET_ENTRY))), None),
        'secrets_enabled': (maybe(flag), None),
        'refresh_interval': (maybe(text(durations.check_duration)), None),
        'role_name': (maybe(text(names.check_role_name)), None),
        'sync': (maybe(SYNC_ENTRY), None),
    },
)

APP_ENTRY = block(
    {
    },
    {
        'deploy': (maybe(flag), None),
        'source': (maybe(SOURCE_ENTRY), None),
        'values': (maybe(mapped(anything)), None),
        'secrets': (maybe(mapped(maybe(SECRET_ENTRY))), None),
        'secrets_enabled': (maybe(flag), None),
        'refresh_interval': (maybe(text(durations.check_duration)), None),
        'role_name': (maybe(text(names.check_role_name)), None),
        'sync': (maybe(SYNC_ENTRY), None),
        'namespace': (maybe(text(kubernetes.check_dns_label)), None),
        'release_name': (maybe(text(kubernetes.check_release_name)), None),
        'cluster_resources': (maybe(listed(CLUSTER_RESOURCE_ENTRY)), None),
        'sync_options': (maybe(listed(text(grammar.check_sync_option))), None),
        'owned_elsewhere': (maybe(listed(text(grammar.check_dotted_key))), None),
        'values_files': (maybe(listed(text(grammar.check_values_file))), None),
        'secrets_values_key': (maybe(text(grammar.check_dotted_key)), 'externalSecrets'),
        'rollout': (maybe(one_of('none', 'rolling')), None),
        'environments': (maybe(mapped(APP_LEVEL_ENTRY)), None),
        'clusters': (maybe(mapped(APP_LEVEL_ENTRY)), None),
    },
)

ARTIFACT_ENTRY = block(
    {
        'name': text_of(pattern='^[a-z][a-z0-9-]*$'),
        'template': text_of(least=1),
        'path': text_of(least=1),
        'format': text_of(),
    },
    {
        'for_each': (either(one_of('none', 'environment', 'region', 'account', 'cluster', 'app'), listed(one_of('environment', 'region', 'account', 'cluster', 'app'))), []),
        'when': (maybe(text_of(least=1), flag), None),
    },
)
