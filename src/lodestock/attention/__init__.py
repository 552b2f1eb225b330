"""What needs somebody's attention: cases that open once, are updated, and close."""
