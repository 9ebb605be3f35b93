"""What has to hold between tables, in them and between them and the source document."""
