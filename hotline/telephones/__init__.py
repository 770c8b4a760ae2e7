"""The SIP accounts of seats: short-lived ones for browser phones, long-lived ones for desk phones."""
