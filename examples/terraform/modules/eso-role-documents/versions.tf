terraform {
  # 1.9 is the first version in which a validation may refer to another variable.
  required_version = ">= 1.9"
}
