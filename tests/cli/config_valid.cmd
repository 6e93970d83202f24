0 --project projects/valid config
