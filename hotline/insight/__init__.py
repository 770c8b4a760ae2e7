"""What the hotline learns about itself."""
