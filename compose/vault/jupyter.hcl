# A notebook reads what was put there for notebooks, sees which names there are, and may ask who it is itself. The
# secrets of services it cannot read, and it can write nothing.
path "secret/data/notebooks" {
  capabilities = ["read"]
}
path "secret/metadata/" {
  capabilities = ["list"]
}
path "auth/token/lookup-self" {
  capabilities = ["read"]
}
path "sys/capabilities-self" {
  capabilities = ["update"]
}
