10 --project projects validate
