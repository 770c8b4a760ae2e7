"""Many matters at once from a sheet: all of its rows come in, or none."""
