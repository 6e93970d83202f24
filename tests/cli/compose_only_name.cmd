0 -p shop --project projects/compose_only config
