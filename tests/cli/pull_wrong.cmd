2 up --pull sometimes
