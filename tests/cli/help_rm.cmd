0 rm --help
