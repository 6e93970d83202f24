2 exec web
