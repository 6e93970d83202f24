2 up --watch
