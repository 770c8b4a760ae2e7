"""Errors whose text is written for the administrator."""

from hotline.cli.failure import CommandFailed
from hotline.setting_errors import SettingsError
from ivr.live.service import LivePortTaken
from ivr.pbx import PbxError
from ivr.prompts import SpeechError
from recordings.model_folder import NotAVoskModel

NAMED_ERRORS: tuple[type[Exception], ...] = (
    SettingsError,
    PbxError,
    LivePortTaken,
    SpeechError,
    NotAVoskModel,
    CommandFailed,
    PermissionError,  # says which file
)
