2 port web http
