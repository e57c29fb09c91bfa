variable "name" {
  description = "Prefix of every resource's name and value of the campanile:deployment tag."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name must be 2 to 31 characters of a-z, 0-9 and -, beginning with a letter."
  }
}

variable "cidr_block" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr_block, 0))
    error_message = "cidr_block must be a valid IPv4 range such as 10.40.0.0/16."
  }
}

variable "availability_zones" {
  description = "Two or more zones; each gets one public and one private subnet."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2
    error_message = "At least two availability zones are needed."
  }
}

variable "client_cidr_blocks" {
  description = "Who may reach the gateway on 443."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}
