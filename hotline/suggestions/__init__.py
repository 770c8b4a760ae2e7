"""What the desk may write down by itself, from the words of the caller: proposals, never facts."""
