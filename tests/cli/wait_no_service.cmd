2 wait
