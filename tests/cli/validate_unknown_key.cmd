10 --project projects/unknown_key validate
