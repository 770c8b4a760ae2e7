"""Random walks through the life of tickets: every move by the service that people use, each checked.

The test walks a little (`tests/integration/test_core_walk.py`), `python -m benchmarks.walk` as far as one
likes.
"""
