"""Inspections on the spot, announced or not (明查暗访), their findings, and what departments corrected."""
