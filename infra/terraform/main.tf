# What a release with `provider: aws` needs, between a load balancer's listener and the instances: two target groups in one
# rule, two Auto Scaling groups, a launch template, a bucket, three roles. What releases own is ignored here, so that a
# later apply puts nothing back.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.0" }
  }
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  colours = toset(["blue", "green"])
  prefix  = "crossfade/${var.application}"
  names = {
    partition              = data.aws_partition.here.partition
    dns_suffix             = data.aws_partition.here.dns_suffix
    account                = data.aws_caller_identity.here.account_id
    region                 = data.aws_region.here.name
    bucket                 = aws_s3_bucket.releases.bucket
    prefix                 = local.prefix
    rule_arn               = aws_lb_listener_rule.weights.arn
    blue_group             = aws_autoscaling_group.pool["blue"].name
    green_group            = aws_autoscaling_group.pool["green"].name
    blue_target_group_arn  = aws_lb_target_group.pool["blue"].arn
    green_target_group_arn = aws_lb_target_group.pool["green"].arn
    launch_template        = aws_launch_template.instance.id
    instance_role_arn      = aws_iam_role.instance.arn
  }
}

# --- traffic ---------------------------------------------------------------------------------------

resource "aws_lb_target_group" "pool" {
  for_each             = local.colours
  name                 = "${var.application}-${each.key}"
  port                 = var.port
  protocol             = "HTTP"
  vpc_id               = var.vpc_id
  deregistration_delay = var.drain_s

  health_check {
    path                = var.health_path
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener_rule" "weights" {
  listener_arn = var.listener_arn
  priority     = var.rule_priority

  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.pool["blue"].arn
        weight = 1
      }
      target_group {
        arn    = aws_lb_target_group.pool["green"].arn
        weight = 0
      }
    }
  }
  condition {
    path_pattern { values = var.path_patterns }
  }

  lifecycle {
    # Weights are a release's, and so are the tags that say who wrote them.
    ignore_changes = [action, tags, tags_all]
  }
}

# --- instances -------------------------------------------------------------------------------------

resource "aws_launch_template" "instance" {
  name                   = var.application
  image_id               = var.image_id
  instance_type          = var.instance_type
  vpc_security_group_ids = var.security_group_ids

  iam_instance_profile { arn = aws_iam_instance_profile.instance.arn }

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  monitoring { enabled = true }

  lifecycle {
    # Each release adds a version of its own.
    ignore_changes = [default_version, user_data, description]
  }
}

resource "aws_autoscaling_group" "pool" {
  for_each                  = local.colours
  name                      = "${var.application}-${each.key}"
  min_size                  = 0
  max_size                  = var.instances_max
  desired_capacity          = 0
  vpc_zone_identifier       = var.subnet_ids
  target_group_arns         = [aws_lb_target_group.pool[each.key].arn]
  health_check_type         = "ELB"
  health_check_grace_period = var.boot_s

  launch_template {
    id      = aws_launch_template.instance.id
    version = "1"
  }

  lifecycle {
    # How many of which version, what is suspended meanwhile, and the notes of it.
    ignore_changes = [min_size, max_size, desired_capacity, launch_template, suspended_processes, tag]
  }
}

# --- state -----------------------------------------------------------------------------------------

resource "aws_s3_bucket" "releases" {
  bucket = var.bucket
}

resource "aws_s3_bucket_public_access_block" "releases" {
  bucket                  = aws_s3_bucket.releases.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "releases" {
  bucket = aws_s3_bucket.releases.id
  versioning_configuration { status = "Enabled" }
}

# --- roles -----------------------------------------------------------------------------------------

data "aws_iam_policy_document" "instances" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.${data.aws_partition.here.dns_suffix}"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = "${var.application}-instance"
  assume_role_policy = data.aws_iam_policy_document.instances.json
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.application}-instance"
  role = aws_iam_role.instance.name
}

resource "aws_iam_role_policy" "instance" {
  role = aws_iam_role.instance.id
  # Not `local.names`: the template needs this role first.
  policy = templatefile("${path.module}/../iam/instance.json", {
    partition = data.aws_partition.here.partition, bucket = aws_s3_bucket.releases.bucket, prefix = local.prefix
  })
}

resource "aws_iam_role" "person" {
  for_each           = toset(["plan", "release"])
  name               = "${var.application}-${each.key}"
  assume_role_policy = var.trust_policy
}

resource "aws_iam_role_policy" "person" {
  for_each = aws_iam_role.person
  role     = each.value.id
  policy   = templatefile("${path.module}/../iam/${each.key}.json", merge(local.names, { role_arn = each.value.arn }))
}

resource "aws_iam_role_policy" "assets" {
  count = var.assets == null ? 0 : 1
  role  = aws_iam_role.person["release"].id
  policy = templatefile("${path.module}/../iam/assets.json", merge(local.names, {
    assets_bucket = var.assets.bucket, assets_prefix = var.assets.prefix, distribution = var.assets.distribution
  }))
}
