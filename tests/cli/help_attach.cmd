0 attach --help
