locals {
  # Only External Secrets, with a token that it asks for the role's own ServiceAccount, may assume a role.
  trust_policies = {
    for app, role in var.eso_roles : app => {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = var.oidc_provider_arn }
        Condition = {
          StringEquals = {
            "${var.oidc_provider}:aud" = "sts.amazonaws.com"
            "${var.oidc_provider}:sub" = "system:serviceaccount:${role.namespace}:${role.service_account}"
          }
        }
      }]
    }
  }

  permissions_policies = {
    for app, role in var.eso_roles : app => {
      Version = "2012-10-17"
      # IAM refuses a statement without a resource: most secrets use the key aws/secretsmanager, which needs none.
      Statement = [
        for statement in [local.read_statements[app], local.decrypt_statements[app]] : statement
        if length(statement.Resource) > 0
      ]
    }
  }

  # External Secrets calls DescribeSecret only for `metadataPolicy: Fetch`, which is never generated, and
  # ListSecretVersionIds never.
  read_statements = {
    for app, role in var.eso_roles : app => {
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = role.secret_arns
    }
  }

  decrypt_statements = {
    for app, role in var.eso_roles : app => merge(
      {
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = role.kms_key_arns
      },
      { for name, value in local.via_secrets_manager[app] : name => value if local.via_service_name_is_known },
    )
  }

  # The region is that of the keys, which is that of the secrets; the cluster may run in another one.
  via_secrets_manager = {
    for app, role in var.eso_roles : app => {
      Condition = {
        StringEquals = {
          "kms:ViaService" = sort(distinct([
            for arn in role.kms_key_arns : "secretsmanager.${split(":", arn)[3]}.amazonaws.com"
          ]))
        }
      }
    }
  }

  # AWS documents one name for Secrets Manager, and it ends in amazonaws.com in China and GovCloud too, unlike
  # the endpoints there: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
  # Nothing says so of the sovereign and isolated partitions. There the condition is left out, because a wrong
  # name would refuse every read; the statement still names the exact keys.
  via_service_name_is_known = contains(["aws", "aws-cn", "aws-us-gov"], local.partition)
}
