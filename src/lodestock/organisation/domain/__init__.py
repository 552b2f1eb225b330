"""Pure rules: number patterns, units, calendars."""
