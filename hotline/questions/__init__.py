"""A department's question back to the citizen, asked by the hotline."""
