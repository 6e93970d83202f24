10 --project projects/compose_key validate
