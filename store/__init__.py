"""What is kept: tables, SQL, keys, files and queues."""
