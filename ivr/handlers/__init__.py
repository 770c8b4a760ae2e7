"""What the events of the PBX mean to the core: one module a kind of fact."""
