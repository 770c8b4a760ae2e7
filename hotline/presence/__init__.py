"""Who has which ticket open now, so that two people do not work on one."""
