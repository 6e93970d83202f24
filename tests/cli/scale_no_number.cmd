2 scale web
