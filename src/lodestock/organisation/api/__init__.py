"""Sites, departments, calendars, money, units, numbering, reasons and attachments over HTTP."""
