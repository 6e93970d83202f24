2 down --dry-run
