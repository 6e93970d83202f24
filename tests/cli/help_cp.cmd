0 cp --help
