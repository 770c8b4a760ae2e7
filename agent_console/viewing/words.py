"""Words for what somebody saw."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.viewing.models import What

KINDS: Labels = {
    What.PAGE: _l("工单内容"),
    What.WORDS: _l("通话文字"),
    What.SOUND: _l("录音"),
    What.FILE: _l("附件"),
    What.EXPORT: _l("导出的文件"),
    What.FOUND: _l("搜索结果"),
}
