0 create --help
