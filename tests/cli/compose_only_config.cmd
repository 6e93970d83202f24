0 --project projects/compose_only/below config
