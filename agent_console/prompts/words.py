"""What the console says about prompts: voices, and why a recording was refused."""

from agent_console.words import _l
from hotline.prompts.models import Voice
from hotline.prompts.ports import Fault

VOICES = {
    Voice.MACHINE: _l("合成语音"),
    Voice.UPLOADED: _l("上传的录音"),
    Voice.HEADSET: _l("耳机录音"),
}
FAULTS = {
    Fault.TOO_LARGE: _l("文件太大，最大 30 MB。"),
    Fault.WRONG_FORMAT: _l("读不懂这个文件。请上传 WAV、FLAC、OGG 或 MP3 录音。"),
    Fault.TOO_COARSE: _l("采样率太低，电话语音至少要 8000 Hz。"),
    Fault.TOO_LONG: _l("录音太长，最长 60 秒。"),
    Fault.TOO_SHORT: _l("录音太短，听不出内容。"),
    Fault.SILENT: _l("录音里没有声音，请检查麦克风。"),
    Fault.CLIPPED: _l("录音过响，已经失真。请调低音量或离麦克风远一些，重录一次。"),
}
BAD = {
    "name": _l("名称只用小写字母、数字和连字符，例如 banner-water。"),
    "taken": _l("这个名称已经有了。"),
    "text": _l("请写出要播报的文字，最多 1000 字，中英文都要。"),
}
EXPIRED = _l("页面已过期，请刷新后再试。")
NOTHING_CHOSEN = _l("请先选择一个录音文件。")
NO_STUDIO = _l("这台机器不能处理录音，请联系系统管理员。")
CHANGED = _l("已更换，几秒内来电者就会听到。")
