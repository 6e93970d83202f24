20 --project projects/named_engine engine status
