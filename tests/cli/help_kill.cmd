0 kill --help
