0 top --help
