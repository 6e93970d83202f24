10 --project projects/no_yaml validate
