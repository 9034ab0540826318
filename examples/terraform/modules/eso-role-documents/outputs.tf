output "roles" {
  description = "What IAM is to hold for each app: name, ARN, description, tags and the two policy documents as JSON."
  value = {
    for app, role in var.eso_roles : app => {
      name               = role.role_name
      arn                = "arn:${local.partition}:iam::${var.account_id}:role/${role.role_name}"
      description        = "External Secrets reads the secrets of ${app} on ${var.cluster_name}."
      tags               = { app = app, cluster = var.cluster_name, environment = var.env }
      trust_policy       = jsonencode(local.trust_policies[app])
      permissions_policy = jsonencode(local.permissions_policies[app])
    }
  }

  precondition {
    # The IAM quota for the inline policies of a role, without white space. jsonencode writes none.
    condition = alltrue([for policy in local.permissions_policies : length(jsonencode(policy)) <= 10240])
    error_message = format(
      "eso_roles: got a policy of %s; expected at most 10240 characters, the IAM quota of a role. Put values that belong together into one secret.",
      join(", ", [
        for app, policy in local.permissions_policies : "${length(jsonencode(policy))} characters for ${app}"
        if length(jsonencode(policy)) > 10240
      ]),
    )
  }
}
