0 --project projects/compose_only --profile tools config
