0 up --help
