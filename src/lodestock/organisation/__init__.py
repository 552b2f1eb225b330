"""Sites, departments, currencies, units of measure, number series, reason codes."""
