"""The native headset: an agent's telephone for desks without a browser phone.

It runs on the agent's machine, holds one line at the PBX over a WebSocket (`line`), asks the console for
everything else (`site`), and knows neither database nor AMI. `headset` binds both to the sound card.
"""
