"""The directory of departments: which telephone is on duty when."""
