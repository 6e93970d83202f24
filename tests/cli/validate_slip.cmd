10 --project projects/slip_in_key validate
