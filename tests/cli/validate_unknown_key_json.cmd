10 --project projects/unknown_key --json validate
