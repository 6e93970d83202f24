0 wait --help
