variable "cluster_name" { type = string }
variable "env" { type = string }
variable "oidc_provider_arn" { type = string }
variable "oidc_provider" { type = string }
variable "account_id" { type = string }
variable "aws_region" { type = string }

module "eso_irsa" {
  source            = "./_modules/eso-irsa"
  cluster_name      = var.cluster_name
  env               = var.env
  oidc_provider_arn = var.oidc_provider_arn
  oidc_provider     = var.oidc_provider
  account_id        = var.account_id
  aws_region        = var.aws_region
}
