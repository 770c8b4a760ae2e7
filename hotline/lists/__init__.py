"""Work lists: which of their tickets somebody wants to see, and the filters that they have saved."""
