0 run --help
