2 --project projects/valid cp a:/x b:/y
