# The API reads its own secrets, and gives its login back.
path "secret/data/analytics-api" {
  capabilities = ["read"]
}
path "auth/token/revoke-self" {
  capabilities = ["update"]
}
