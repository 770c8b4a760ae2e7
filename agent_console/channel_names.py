"""Names of channels in the reader's language."""

from agent_console.language import is_english
from hotline.contacts.channels import ChannelFacts, channels


def channel_name(code: str) -> str:
    """Its name; the code itself where the registry no longer has it."""
    facts = channels().get(code)
    return name_of(facts) if facts else code


def name_of(facts: ChannelFacts) -> str:
    """Its name in the reader's language."""
    return facts.en if is_english() else facts.zh
