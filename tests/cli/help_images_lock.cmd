0 images lock --help
