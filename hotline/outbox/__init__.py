"""Letters that go out to citizens who wrote by mail."""
