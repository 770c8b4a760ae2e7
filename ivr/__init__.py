"""The telephone side: FastAGI scripts, AMI events and actions, the PBX process."""
