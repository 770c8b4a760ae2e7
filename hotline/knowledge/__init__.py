"""The knowledge base (知识库): what an agent may answer at once, and on what it rests (rulebook B12)."""
