0 pause --help
