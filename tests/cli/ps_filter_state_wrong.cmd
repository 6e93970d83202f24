2 ps --filter status=nosuch
