2 up --scale web=-1
