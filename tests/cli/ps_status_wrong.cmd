2 ps --status runing
