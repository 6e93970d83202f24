2 ps --filter state=running
