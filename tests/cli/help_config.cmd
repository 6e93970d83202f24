0 config --help
