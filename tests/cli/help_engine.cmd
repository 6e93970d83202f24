0 engine --help
