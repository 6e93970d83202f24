0 exec --help
