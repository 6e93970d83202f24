0 logs --help
