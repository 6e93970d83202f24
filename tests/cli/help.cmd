0 --help
