output "role_arns" {
  description = "ARN of the role of each app."
  value       = { for app, role in aws_iam_role.eso : app => role.arn }
}
