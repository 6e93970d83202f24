0 validate --help
