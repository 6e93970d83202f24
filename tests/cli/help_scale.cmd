0 scale --help
