"""What is to be preserved: packed for the archive, and ended here when that has received it."""
