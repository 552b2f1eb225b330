"""What one client does, over and over. Each module is loaded inside the client's process."""
