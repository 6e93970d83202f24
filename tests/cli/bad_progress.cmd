2 --progress loud run
