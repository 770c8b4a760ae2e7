"""Suspension (挂起、记录在案): what cannot be solved now is explained, planned, and looked at again."""
