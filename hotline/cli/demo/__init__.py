"""`hotline demo`: one citizen's story over real SIP."""

from hotline.cli.demo.play import play

__all__ = ["play"]
