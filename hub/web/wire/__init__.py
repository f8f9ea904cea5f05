"""HTTP/1.1 and WebSocket on the socket, below the application."""
