0 start --help
