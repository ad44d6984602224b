output "aws" {
  description = "The part `aws:` of crossfade.yaml."
  value = {
    region          = data.aws_region.here.name
    bucket          = aws_s3_bucket.releases.bucket
    rule            = aws_lb_listener_rule.weights.arn
    target_groups   = { for colour in local.colours : colour => aws_lb_target_group.pool[colour].arn }
    scaling_groups  = { for colour in local.colours : colour => aws_autoscaling_group.pool[colour].name }
    launch_template = { id = aws_launch_template.instance.id, version = 1 }
    port            = var.port
  }
}

output "roles" {
  value = { for name, role in aws_iam_role.person : name => role.arn }
}
