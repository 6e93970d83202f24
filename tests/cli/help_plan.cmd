0 plan --help
