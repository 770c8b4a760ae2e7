"""Single sign-on by OpenID Connect: off unless a provider is configured."""

from agent_console.single_sign_on.views import blueprint

__all__ = ["blueprint"]
