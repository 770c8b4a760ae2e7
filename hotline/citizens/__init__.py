"""What citizens may see and do without signing in, by ticket number and query code."""
