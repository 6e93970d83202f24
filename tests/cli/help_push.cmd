0 push --help
