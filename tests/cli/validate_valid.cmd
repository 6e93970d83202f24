0 --project projects/valid validate
