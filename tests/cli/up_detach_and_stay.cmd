2 up -d --exit-code-from web
