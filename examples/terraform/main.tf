provider "aws" {
  region = var.aws_region

  # Credentials of another account are refused before anything is planned.
  allowed_account_ids = [var.account_id]
}

resource "aws_iam_role" "eso" {
  for_each = module.documents.roles

  name               = each.value.name
  description        = each.value.description
  tags               = each.value.tags
  assume_role_policy = each.value.trust_policy

  lifecycle {
    postcondition {
      condition     = self.arn == each.value.arn
      error_message = "got the role ${self.arn}; expected ${each.value.arn}, which the ServiceAccount on the cluster is annotated with."
    }
  }
}

resource "aws_iam_role_policy" "read_secrets" {
  for_each = module.documents.roles

  name   = "read-secrets"
  role   = aws_iam_role.eso[each.key].name
  policy = each.value.permissions_policy
}
