0 --project projects/valid --json validate
