2 ps --format {{range.Publishers}}
