2 ps --filter status
