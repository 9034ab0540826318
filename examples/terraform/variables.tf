# Terraform cannot take the variables of another module as its own, so the names stand here again. Their rules,
# and the type of eso_roles, stand once: in modules/eso-role-documents/variables.tf.

variable "cluster_name" {
  description = "Name of the EKS cluster, and of the Terraform workspace that holds its state."
  type        = string
  nullable    = false

  validation {
    # With another cluster's state, this plan would replace that cluster's roles.
    condition     = var.cluster_name == terraform.workspace
    error_message = "cluster_name: got \"${var.cluster_name}\" in the workspace \"${terraform.workspace}\"; expected the workspace of that cluster: terraform workspace select -or-create ${var.cluster_name}"
  }
}

variable "env" {
  description = "Environment of the cluster, such as production."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "AWS account of the cluster: a quoted string of 12 digits."
  type        = string
  nullable    = false
}

variable "aws_region" {
  description = "Region of the cluster."
  type        = string
  nullable    = false
}

variable "oidc_provider" {
  description = "OIDC issuer of the cluster without https://."
  type        = string
  nullable    = false
}

variable "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider of the cluster."
  type        = string
  nullable    = false
}

variable "eso_roles" {
  description = "The role of each app that has secrets on the cluster, by the name of the app."
  type        = any
  nullable    = false
}
