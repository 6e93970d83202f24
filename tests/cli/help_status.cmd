0 status --help
