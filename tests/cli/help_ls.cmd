0 ls --help
