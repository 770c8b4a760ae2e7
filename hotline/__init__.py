"""The core of Minsheng: what the hotline knows and what may happen. No telephony, no web, no audio."""
