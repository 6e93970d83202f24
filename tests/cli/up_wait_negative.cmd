2 up --wait-timeout -5
