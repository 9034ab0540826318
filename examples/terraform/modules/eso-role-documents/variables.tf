# The variables are exactly those of a generated per-cluster tfvars file. What is wrong in one is refused
# here, before AWS is asked: IAM accepts a trust policy that nothing can ever satisfy.

variable "cluster_name" {
  description = "Name of the EKS cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name: got \"${var.cluster_name}\"; expected an EKS cluster name, 1 to 100 letters, digits, hyphens and underscores."
  }
}

variable "env" {
  description = "Environment of the cluster, such as production."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.env) != ""
    error_message = "env: got \"${var.env}\"; expected the name of the environment."
  }
}

variable "account_id" {
  description = "AWS account of the cluster: a quoted string of 12 digits, since a number loses its leading zero."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: got \"${var.account_id}\"; expected 12 digits in quotes, as in \"012345678901\"."
  }
}

variable "aws_region" {
  description = "Region of the cluster. The secrets may stand in another one."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^${local.region_pattern}$", var.aws_region))
    error_message = "aws_region: got \"${var.aws_region}\"; expected a region such as us-east-1."
  }
}

variable "oidc_provider" {
  description = "OIDC issuer of the cluster without https://, as IAM writes it in condition keys."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9-]+([.][a-z0-9-]+)+/id/[0-9A-Za-z]+$", var.oidc_provider))
    error_message = "oidc_provider: got \"${var.oidc_provider}\"; expected the cluster's OIDC issuer without https://, <host>/id/<ID>."
  }

  validation {
    condition     = strcontains(var.oidc_provider, ".${var.aws_region}.")
    error_message = "oidc_provider: got \"${var.oidc_provider}\"; expected the issuer of a cluster in aws_region, ${var.aws_region}."
  }
}

variable "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider of the cluster. It also says which AWS partition this is."
  type        = string
  nullable    = false

  validation {
    condition = can(regex(
      "^arn:aws(-[a-z]+)*:iam::${var.account_id}:oidc-provider/${replace(var.oidc_provider, ".", "[.]")}$",
      var.oidc_provider_arn,
    ))
    error_message = "oidc_provider_arn: got \"${var.oidc_provider_arn}\"; expected arn:<partition>:iam::${var.account_id}:oidc-provider/${var.oidc_provider}, from account_id and oidc_provider."
  }
}

variable "eso_roles" {
  description = "The role of each app that has secrets on the cluster, by the name of the app."
  type = map(object({
    role_name       = string
    namespace       = string
    service_account = string
    secret_arns     = list(string)
    kms_key_arns    = list(string)
  }))
  nullable = false

  validation {
    condition = alltrue([for role in var.eso_roles : can(regex(local.role_name_pattern, role.role_name))])
    error_message = format(
      "eso_roles: got role_name %s; expected 1 to 64 letters, digits and _+=,.@- characters.",
      join(", ", [
        for app, role in var.eso_roles : format("\"%v\" for %s", role.role_name, app)
        if !can(regex(local.role_name_pattern, role.role_name))
      ]),
    )
  }

  validation {
    # IAM tells role names apart without regard to case.
    condition = length(var.eso_roles) == length(distinct([for role in var.eso_roles : lower(role.role_name)]))
    error_message = format(
      "eso_roles: got role names %s; expected a different one for each app, in more than case.",
      join(", ", [for role in var.eso_roles : format("\"%v\"", role.role_name)]),
    )
  }

  validation {
    condition = alltrue([for role in var.eso_roles : can(regex(local.namespace_pattern, role.namespace))])
    error_message = format(
      "eso_roles: got namespace %s; expected a Kubernetes namespace, 1 to 63 lower case letters, digits and hyphens.",
      join(", ", [
        for app, role in var.eso_roles : format("\"%v\" for %s", role.namespace, app)
        if !can(regex(local.namespace_pattern, role.namespace))
      ]),
    )
  }

  validation {
    condition = alltrue(flatten([
      for role in var.eso_roles : [
        for pattern in local.service_account_patterns : can(regex(pattern, role.service_account))
      ]
    ]))
    error_message = format(
      "eso_roles: got service_account %s; expected a Kubernetes name, 1 to 253 lower case letters, digits, hyphens and dots.",
      join(", ", [
        for app, role in var.eso_roles : format("\"%v\" for %s", role.service_account, app)
        if !alltrue([for pattern in local.service_account_patterns : can(regex(pattern, role.service_account))])
      ]),
    )
  }

  validation {
    condition = alltrue([for role in var.eso_roles : length(role.secret_arns) > 0])
    error_message = format(
      "eso_roles: got no secret_arns for %s; expected at least one, or no role for that app.",
      join(", ", [for app, role in var.eso_roles : app if length(role.secret_arns) == 0]),
    )
  }

  validation {
    condition = alltrue(flatten([
      for role in var.eso_roles : [for arn in role.secret_arns : can(regex(local.secret_arn_pattern, arn))]
    ]))
    error_message = format(
      "eso_roles: got secret ARN %s; expected one secret of this account, arn:%s:secretsmanager:<region>:%s:secret:<name>-??????, with no other wildcard.",
      join(", ", flatten([
        for app, role in var.eso_roles : [
          for arn in role.secret_arns : format("\"%v\" for %s", arn, app)
          if !can(regex(local.secret_arn_pattern, arn))
        ]
      ])),
      local.partition,
      var.account_id,
    )
  }

  validation {
    condition = alltrue(flatten([
      for role in var.eso_roles : [for arn in role.kms_key_arns : can(regex(local.kms_key_arn_pattern, arn))]
    ]))
    error_message = format(
      "eso_roles: got KMS key ARN %s; expected a key, not an alias: arn:%s:kms:<region>:<account>:key/<id>.",
      join(", ", flatten([
        for app, role in var.eso_roles : [
          for arn in role.kms_key_arns : format("\"%v\" for %s", arn, app)
          if !can(regex(local.kms_key_arn_pattern, arn))
        ]
      ])),
      local.partition,
    )
  }

  validation {
    # Secrets Manager encrypts a secret with a key of its own region.
    condition = alltrue(flatten([
      for role in var.eso_roles : [
        for arn in role.kms_key_arns : anytrue([
          for secret_arn in role.secret_arns : try(split(":", secret_arn)[3] == split(":", arn)[3], true)
        ])
      ]
    ]))
    error_message = format(
      "eso_roles: got KMS key ARN %s; expected a key in the region of the secrets that it decrypts.",
      join(", ", flatten([
        for app, role in var.eso_roles : [
          for arn in role.kms_key_arns : format("\"%v\" for %s", arn, app)
          if !anytrue([
            for secret_arn in role.secret_arns : try(split(":", secret_arn)[3] == split(":", arn)[3], true)
          ])
        ]
      ])),
    )
  }
}

locals {
  partition = split(":", var.oidc_provider_arn)[1]

  region_pattern           = "[a-z]+(-[a-z]+)+-[0-9]+"
  role_name_pattern        = "^[0-9A-Za-z_+=,.@-]{1,64}$"
  namespace_pattern        = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
  service_account_patterns = ["^.{1,253}$", "^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"]

  # Secrets Manager adds a hyphen and six random characters to the name; the final -?????? stands for them.
  secret_arn_pattern  = "^arn:${local.partition}:secretsmanager:${local.region_pattern}:${var.account_id}:secret:[0-9A-Za-z/_+=.@-]+-([?]{6}|[0-9A-Za-z]{6})$"
  kms_key_arn_pattern = "^arn:${local.partition}:kms:${local.region_pattern}:[0-9]{12}:key/[0-9A-Za-z-]+$"
}
