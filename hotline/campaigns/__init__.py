"""Look-alike sweeps (举一反三) and clearing campaigns (集中清理) over tickets chosen by a filter."""
