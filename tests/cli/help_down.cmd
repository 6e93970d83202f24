0 down --help
