variable "cluster_name" { type = string }
variable "env" { type = string }
variable "oidc_provider_arn" { type = string }
variable "oidc_provider" { type = string } # without https://
variable "account_id" { type = string }
variable "aws_region" { type = string }

locals {
  # Taken to be the name of the release and of the chart, in the namespace of the operator.
  sa_name   = "${var.cluster_name}-myapp"
  namespace = "external-secrets"
}

resource "aws_iam_role" "eso" {
  name = "${var.cluster_name}-eso"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.oidc_provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${var.oidc_provider}:aud" = "sts.amazonaws.com"
          "${var.oidc_provider}:sub" = "system:serviceaccount:${local.namespace}:${local.sa_name}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "eso" {
  name = "eso-secrets-policy"
  role = aws_iam_role.eso.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "SecretsManagerRead"
        Effect = "Allow"
        Action = [
          "secretsmanager:GetSecretValue",
          "secretsmanager:DescribeSecret",
          "secretsmanager:ListSecretVersionIds"
        ]
        Resource = "arn:aws:secretsmanager:*:${var.account_id}:secret:${var.env}/myapp/*"
      }
    ]
  })
}

output "role_arn" { value = aws_iam_role.eso.arn }
