variable "application" {
  type        = string
  description = "As `application` in crossfade.yaml."
}
variable "listener_arn" {
  type        = string
  description = "Of the load balancer that the rule is to stand in; it reaches the subnets' zones."
}
variable "rule_priority" {
  type    = number
  default = 100
}
variable "path_patterns" {
  type    = list(string)
  default = ["/*"]
}
variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }
variable "security_group_ids" { type = list(string) }
variable "image_id" { type = string }
variable "instance_type" {
  type    = string
  default = "t3.small"
}
variable "instances_max" {
  type    = number
  default = 12
}
variable "port" { type = number }
variable "health_path" { type = string }
variable "drain_s" {
  type        = number
  default     = 300
  description = "As `strategy.drain.deadline`."
}
variable "boot_s" {
  type    = number
  default = 300
}
variable "bucket" { type = string }
variable "trust_policy" {
  type        = string
  description = "Who may take the roles `plan` and `release`, as JSON: your OIDC provider of Jenkins, for one."
}

variable "assets" {
  type        = object({ bucket = string, prefix = string, distribution = string })
  default     = null
  description = "Where `aws.assets` publishes to, made elsewhere: the bucket, how keys begin (`static/`), the distribution's id."
}
