10 --project projects/escape_in_key validate
