2 up --scale web
