0 -f projects/compose_only/other.yaml config
