module "documents" {
  source = "./modules/eso-role-documents"

  cluster_name      = var.cluster_name
  env               = var.env
  account_id        = var.account_id
  aws_region        = var.aws_region
  oidc_provider     = var.oidc_provider
  oidc_provider_arn = var.oidc_provider_arn
  eso_roles         = var.eso_roles
}
