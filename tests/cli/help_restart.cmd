0 restart --help
