0 build --help
