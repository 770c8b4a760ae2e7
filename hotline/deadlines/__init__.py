"""When things are due: profiles as data, the working-day calendar, the arithmetic."""
